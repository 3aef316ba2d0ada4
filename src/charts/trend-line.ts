import { extent, scaleLinear } from 'd3';

/** What is drawn of a series: its values in their order, the levels between its steps, and what was released. */
export interface TrendSource {
  times: readonly number[];
  values: readonly number[];
  levels: readonly { from: number; value: number }[];
}

/** Places in units of the size. */
export interface TrendLine {
  path: string;
  /** Lines at the height of each level, from its first value to its last. */
  levels: { x1: number; x2: number; y: number }[];
  /** Where one level becomes another: between two values. */
  steps: { x: number }[];
  /** Where something was released, and what. */
  releases: { x: number; names: string[] }[];
}

const inset = 4;

/** Values side by side, whatever time lies between them: what counts is their order. A release stands before the first value behind it. */
export function trendLine(
  { times, values, levels }: TrendSource,
  size: { width: number; height: number },
  releases: readonly { name: string; atUs: number }[] = [],
): TrendLine {
  const last = values.length - 1;
  const x = scaleLinear([0, Math.max(1, last)], [inset, size.width - inset]);
  const [low, high] = extent(values.filter(Number.isFinite));
  const y =
    low === undefined || high === undefined || low === high
      ? () => size.height / 2
      : scaleLinear([low, high], [size.height - inset, inset]);
  return {
    path: values.map((value, at) => `${at === 0 ? 'M' : 'L'}${round(x(at))} ${round(y(value))}`).join(''),
    levels: levels.map(({ from, value }, at) => ({
      x1: round(x(from)),
      x2: round(x((levels[at + 1]?.from ?? values.length) - 1)),
      y: round(y(value)),
    })),
    steps: levels.slice(1).map(({ from }) => ({ x: round(x(from - 0.5)) })),
    releases: releasesAmong(times, releases).map(({ at, names }) => ({ x: round(x(at - 0.5)), names })),
  };
}

/** Those within the time of the values, each at the first value that is not older; several there are one. */
function releasesAmong(
  times: readonly number[],
  releases: readonly { name: string; atUs: number }[],
): { at: number; names: string[] }[] {
  const found = new Map<number, string[]>();
  for (const { name, atUs } of [...releases].sort((a, b) => a.atUs - b.atUs)) {
    const at = times.findIndex((time) => time >= atUs);
    if (at <= 0) continue;
    found.set(at, [...(found.get(at) ?? []), name]);
  }
  return [...found].map(([at, names]) => ({ at, names }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
