import {
  max,
  type ScaleLinear,
  scaleLinear,
  type TimeInterval,
  utcDay,
  utcHour,
  utcMinute,
  utcMonday,
  utcMonth,
  utcYear,
} from 'd3';
import { type StatusName, statusOrder } from './status-shape.ts';
import { type TimeTick, timeTicks } from './time-ticks.ts';

/** How many of each status; the same shape as the counts in the data. */
export type Counts = Record<StatusName, number>;

/** A stretch of time and what happened in it. */
export interface Bin {
  fromUs: number;
  toUs: number;
  counts: Counts;
}

/** The widths a bin can have, from narrow to wide. */
export type BinUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** One status within a bar. */
export interface BarSegment {
  status: StatusName;
  y: number;
  height: number;
}

/** One bar: its place along the time axis and its segments from the bottom up; no segments where nothing happened. */
export interface Bar {
  fromUs: number;
  toUs: number;
  total: number;
  x: number;
  width: number;
  segments: BarSegment[];
}

/** A stacked histogram as numbers: x in the units of `size.width` (100 for per cent), y in pixels from the top. */
export interface Histogram {
  bars: Bar[];
  max: number;
  yTicks: { value: number; y: number }[];
  xTicks: TimeTick[];
  fromUs: number;
  toUs: number;
}

const intervals: Record<BinUnit, TimeInterval> = {
  minute: utcMinute,
  hour: utcHour,
  day: utcDay,
  week: utcMonday,
  month: utcMonth,
  year: utcYear,
};
const unitMs: [BinUnit, number][] = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 604_800_000],
  ['month', 2_629_800_000],
];
const leastHeight = 1.5;

/** The narrowest unit with which a range needs at most `most` bins. */
export function binUnit(fromUs: number, toUs: number, most = 120): BinUnit {
  const spanMs = (toUs - fromUs) / 1000;
  return unitMs.find(([, ms]) => spanMs / ms <= most)?.[0] ?? 'year';
}

/** Empty bins from `fromUs` up to and including `toUs`, on whole units of UTC; none if the range is not a range. */
export function emptyBins(fromUs: number, toUs: number, unit: BinUnit): Bin[] {
  if (!(fromUs <= toUs)) return [];
  const interval = unit === 'year' ? years(fromUs, toUs) : intervals[unit];
  const bins: Bin[] = [];
  let from = interval.floor(new Date(fromUs / 1000));
  while (from.getTime() * 1000 <= toUs && bins.length < 20_000) {
    const to = interval.offset(from, 1);
    bins.push({ fromUs: from.getTime() * 1000, toUs: to.getTime() * 1000, counts: noCounts() });
    from = to;
  }
  return bins;
}

/** Years, or decades and centuries where a clock that was wrong once stretches the time over so many. */
function years(fromUs: number, toUs: number): TimeInterval {
  const count = (toUs - fromUs) / 31_557_600e6;
  if (count <= 200) return utcYear;
  return utcYear.every(count <= 2000 ? 10 : 100) ?? utcYear;
}

/** Counts events into bins; events outside all bins, or without a time, are left out. */
export function countInto(
  bins: Bin[],
  events: Iterable<{ atUs: number; status: StatusName; count?: number }>,
): Bin[] {
  for (const { atUs, status, count = 1 } of events) {
    const bin = bins[indexAt(bins, atUs)];
    if (bin !== undefined && status in bin.counts) bin.counts[status] += count;
  }
  return bins;
}

/** Bars, ticks and scale of a stacked histogram. Every status that occurs is visible, however rare. */
export function histogram(bins: Bin[], size: { width: number; height: number; xTicks?: number }): Histogram {
  const totals = bins.map((bin) => total(bin.counts));
  const most = max(totals) ?? 0;
  const y = scaleLinear([0, Math.max(most, 1)], [0, size.height]);
  const fromUs = bins[0]?.fromUs ?? 0;
  const toUs = bins[bins.length - 1]?.toUs ?? 0;
  const place = scaleLinear([fromUs, Math.max(toUs, fromUs + 1)], [0, size.width]);
  return {
    bars: bins.map((bin, index) => bar(bin, totals[index] ?? 0, place, y, size.height)),
    max: most,
    yTicks: yTicks(most, y, size.height),
    xTicks: bins.length === 0 ? [] : timeTicks(fromUs, toUs, size.xTicks ?? 5, size.width),
    fromUs,
    toUs,
  };
}

/** The whole bins that a brush from x to x covers (in the units of `width`), as a range of time; undefined if there are no bins. */
export function brushRange(
  bins: Bin[],
  x0: number,
  x1: number,
  width: number,
): { fromUs: number; toUs: number } | undefined {
  const [left, right] = x0 <= x1 ? [x0, x1] : [x1, x0];
  const first = bins[0];
  const last = bins[bins.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const timeAt = scaleLinear([0, width], [first.fromUs, last.toUs]).clamp(true);
  const from = bins[indexAt(bins, timeAt(left))] ?? first;
  const to = bins[indexAt(bins, timeAt(right) - 1)] ?? last;
  return { fromUs: from.fromUs, toUs: Math.max(to.toUs, from.toUs) };
}

/** Where a range of time lies on the axis of the bins, cut to it; undefined if it lies outside. */
export function brushSpan(
  bins: Bin[],
  fromUs: number,
  toUs: number,
  width: number,
): { x: number; width: number } | undefined {
  const first = bins[0];
  const last = bins[bins.length - 1];
  if (first === undefined || last === undefined || toUs <= first.fromUs || fromUs >= last.toUs)
    return undefined;
  const place = scaleLinear([first.fromUs, last.toUs], [0, width]).clamp(true);
  return { x: round(place(fromUs)), width: round(place(toUs) - place(fromUs)) };
}

/** All actions of a count. */
export function total(counts: Counts): number {
  return statusOrder.reduce((sum, status) => sum + counts[status], 0);
}

/** A count of nothing. */
export function noCounts(): Counts {
  return { pending: 0, running: 0, completed: 0, failed: 0, aborted: 0, unknown: 0 };
}

function indexAt(bins: Bin[], us: number): number {
  let low = 0;
  let high = bins.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const bin = bins[middle] as Bin;
    if (us < bin.fromUs) high = middle - 1;
    else if (us >= bin.toUs) low = middle + 1;
    else return us >= bin.fromUs ? middle : -1;
  }
  return -1;
}

function bar(
  bin: Bin,
  sum: number,
  place: ScaleLinear<number, number>,
  y: ScaleLinear<number, number>,
  height: number,
): Bar {
  const x = place(bin.fromUs);
  const segments: BarSegment[] = [];
  const present = statusOrder.filter((status) => bin.counts[status] > 0);
  const heights = fit(
    present.map((status) => y(bin.counts[status])),
    height,
  );
  let top = height;
  present.forEach((status, index) => {
    const tall = heights[index] ?? 0;
    top -= tall;
    segments.push({ status, y: round(top), height: round(tall) });
  });
  return {
    fromUs: bin.fromUs,
    toUs: bin.toUs,
    total: sum,
    x: round(x),
    width: round(place(bin.toUs) - x),
    segments,
  };
}

/** Raises what would be too flat to see, and takes the excess from the tallest. */
function fit(heights: number[], most: number): number[] {
  const raised = heights.map((tall) => Math.max(tall, leastHeight));
  const excess = raised.reduce((sum, tall) => sum + tall, 0) - most;
  if (excess > 0) {
    const tallest = raised.indexOf(Math.max(...raised));
    raised[tallest] = Math.max((raised[tallest] ?? 0) - excess, leastHeight);
  }
  return raised;
}

function yTicks(
  most: number,
  y: ScaleLinear<number, number>,
  height: number,
): { value: number; y: number }[] {
  const values = most <= 1 ? [0, most] : [0, Math.round(most / 2), most];
  return [...new Set(values)].map((value) => ({ value, y: round(height - y(value)) }));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
