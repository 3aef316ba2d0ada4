/** What a version, or several beside each other, take on disk and would take whole. */
export interface SizeBar {
  x: number;
  width: number;
  /** Heights of what is stored and of what it would be whole, from the ground. */
  stored: number;
  whole: number;
  storedBytes: number;
  wholeBytes: number;
  /** Places in the list, oldest first: from `first` up to and without `end`. */
  first: number;
  end: number;
  /** Whether one of them is stored whole. */
  hasWhole: boolean;
}

/** Bars from the oldest to the newest, and what the tallest stands for. */
export interface SizeBars {
  bars: SizeBar[];
  maxBytes: number;
}

/** A bar for every version, or for as many as share one where they are more than `most`. Sizes are given oldest first. */
export function versionSizes(
  sizes: readonly { storedBytes: number; wholeBytes: number; isWhole: boolean }[],
  box: { width: number; height: number; most: number },
): SizeBars {
  const each = Math.max(1, Math.ceil(sizes.length / box.most));
  const count = Math.ceil(sizes.length / each);
  const groups = Array.from({ length: count }, (_, at) => sizes.slice(at * each, (at + 1) * each));
  const sums = groups.map((group) => ({
    storedBytes: total(group.map(({ storedBytes }) => storedBytes)),
    wholeBytes: total(group.map(({ wholeBytes }) => wholeBytes)),
    hasWhole: group.some(({ isWhole }) => isWhole),
  }));
  const maxBytes = Math.max(
    0,
    ...sums.map(({ storedBytes, wholeBytes }) => Math.max(storedBytes, wholeBytes)),
  );
  const step = Math.min(box.width / Math.max(1, count), box.height / 2);
  const height = (bytes: number) => (maxBytes === 0 ? 0 : round((bytes / maxBytes) * box.height));
  return {
    maxBytes,
    bars: sums.map((sum, at) => ({
      ...sum,
      x: round(at * step),
      width: round(step * 0.8),
      stored: height(sum.storedBytes),
      whole: height(sum.wholeBytes),
      first: at * each,
      end: Math.min(sizes.length, (at + 1) * each),
    })),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
