/** Points of a line by their place across the chart. */
export interface Placed {
  xs: readonly number[];
  values: readonly number[];
}

/** Position of the point closest to a place; of equally close ones the last, because the later attempt counts. */
export function nearestAt(xs: readonly number[], x: number): number | undefined {
  let found: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < xs.length; at++) {
    const distance = Math.abs(xs[at]! - x);
    if (distance <= least) [found, least] = [at, distance];
  }
  return found;
}

/** The next place with a point to the right (1) or left (-1); the place itself where there is none. */
export function nextPlace(lines: readonly Placed[], x: number, direction: 1 | -1): number {
  let next: number | undefined;
  for (const { xs } of lines) {
    for (const place of xs) {
      const ahead = (place - x) * direction;
      if (ahead > 0 && (next === undefined || ahead < (next - x) * direction)) next = place;
    }
  }
  return next ?? x;
}

/** First and last place of all lines; undefined where nothing has a place. */
export function extentOf(lines: readonly Placed[]): [number, number] | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { xs } of lines) {
    for (const x of xs) {
      if (x < least) least = x;
      if (x > most) most = x;
    }
  }
  return least > most ? undefined : [least, most];
}

/**
 * What lies in a window, as new points: where a line crosses its edge a point is put there, so that it runs to the edge
 * and not to the last point before it.
 */
export function cutTo(
  line: Placed,
  [from, to]: readonly [number, number],
): { xs: number[]; values: number[] } {
  const cut = { xs: [] as number[], values: [] as number[] };
  const add = (x: number, value: number) => {
    cut.xs.push(x);
    cut.values.push(value);
  };
  for (let at = 0; at < line.xs.length; at++) {
    const [x, value] = [line.xs[at]!, line.values[at]!];
    const [before, earlier] = [line.xs[at - 1], line.values[at - 1]];
    if (before !== undefined && earlier !== undefined && x > before) {
      for (const edge of [from, to])
        if (before < edge && edge < x)
          add(edge, earlier + ((value - earlier) * (edge - before)) / (x - before));
    }
    if (x >= from && x <= to) add(x, value);
  }
  return cut;
}
