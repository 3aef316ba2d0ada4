import { scaleLinear, scaleLog } from 'd3';
import { formatDuration } from '../../collector/base/format/duration.ts';
import { formatNumber } from '../../collector/base/format/number.ts';
import { shorten } from '../../collector/base/format/words.ts';
import { timeTicks } from './time-ticks.ts';

/** A value that may stand on an axis; null, undefined and NaN stand on none. */
export type AxisValue = number | string | boolean | null | undefined;

/** What an axis measures: times are microseconds, durations milliseconds. */
export type AxisType = 'number' | 'time' | 'duration' | 'text';

/** Values along a line of `length`, from 0 to `length`. */
export interface AxisScale {
  type: AxisType;
  log: boolean;
  /** Whether it could be logarithmic: all numbers lie above zero. */
  canLog: boolean;
  place(value: AxisValue): number | undefined;
  ticks: { at: number; label: string }[];
  /** Which values lie between two places: a range of numbers, or the texts themselves; undefined where there are none. */
  between(from: number, to: number): AxisRange | undefined;
  /** Where a range lies, cut to the axis. */
  spanOf(range: AxisRange): { from: number; to: number } | undefined;
}

/** What a brush on an axis chooses; both ends inclusive. */
export type AxisRange = { low: number; high: number } | { texts: string[] };

/** Above this share of highest to lowest value an axis is logarithmic unless it is told otherwise. */
const logFrom = 100;

/** An axis for these values. `log` undefined lets the values decide. Equal values stand in the middle. */
export function axisScale(
  values: Iterable<AxisValue>,
  given: { type: AxisType; length: number; log?: boolean | undefined; ticks?: number },
): AxisScale {
  return given.type === 'text' ? textScale(values, given) : numberScale(values, given, given.type);
}

/** Whether a value lies in a range. */
export function isInRange(value: AxisValue, range: AxisRange): boolean {
  if ('texts' in range) return value !== null && value !== undefined && range.texts.includes(String(value));
  return typeof value === 'number' && value >= range.low && value <= range.high;
}

function numberScale(
  values: Iterable<AxisValue>,
  { length, log: wanted, ticks: most = 5 }: { length: number; log?: boolean | undefined; ticks?: number },
  type: Exclude<AxisType, 'text'>,
): AxisScale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = type === 'number';
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  const nothing = low > high;
  const canLog = !nothing && low > 0 && type !== 'time' && high > low;
  const log = canLog && (wanted ?? high / low >= logFrom);
  const domain: [number, number] = nothing ? [0, 1] : [low, high];
  const scale = log ? scaleLog(domain, [0, length]) : scaleLinear(domain, [0, length]);
  const place = (value: AxisValue) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (log && value <= 0)) return undefined;
    return round(low === high ? length / 2 : scale(value));
  };
  const valueAtPlace = (at: number) => (low === high ? low : scale.invert(Math.max(0, Math.min(length, at))));
  return {
    type,
    log,
    canLog,
    place,
    // Half a seed or half a layer is nothing that a run could have.
    ticks: nothing ? [] : ticksOf(type, log, [low, high], most, place, whole ? Number.isInteger : () => true),
    between(from, to) {
      if (nothing) return undefined;
      if (low === high) return { low, high };
      const [first, last] = [valueAtPlace(Math.min(from, to)), valueAtPlace(Math.max(from, to))];
      return { low: exact(first, low), high: exact(last, high) };
    },
    spanOf(range) {
      if ('texts' in range || range.high < low || range.low > high) return undefined;
      if (low === high) return { from: 0, to: length };
      const at = (value: number) => round(scale(Math.max(low, Math.min(high, value))));
      return { from: at(range.low), to: at(range.high) };
    },
  };
}

/** The end of the axis where the pointer could not get closer to it, else the value in four digits, as one would say it. */
function exact(value: number, end: number): number {
  const near = Math.abs(value - end) <= Math.abs(end) * 1e-9;
  return near ? end : Number(value.toPrecision(Math.abs(value) > 1e9 ? 16 : 4));
}

function ticksOf(
  type: Exclude<AxisType, 'text'>,
  log: boolean,
  [low, high]: [number, number],
  most: number,
  place: (value: number) => number | undefined,
  isShown: (value: number) => boolean,
): AxisScale['ticks'] {
  if (type === 'time') {
    const ticks = low === high ? [] : timeTicks(low, high, most, place(high) ?? 1);
    // Weeks and months are round whatever their number: where they are too many, every second is left out, or more.
    const every = ticks.length > most + 1 ? Math.ceil(ticks.length / most) : 1;
    return ticks.filter((_, at) => at % every === 0).map(({ x, label }) => ({ at: x, label }));
  }
  const say = (value: number) => (type === 'duration' ? formatDuration(value) : formatNumber(value, 3));
  if (low === high) return [{ at: place(low) ?? 0, label: say(low) }];
  const values = log ? logTicks(low, high, most) : scaleLinear([low, high], [0, 1]).ticks(most);
  return values.filter(isShown).map((value) => ({ at: place(value) ?? 0, label: say(value) }));
}

/** Powers of ten, every second or third of them where there are many; round values between where there are few. */
function logTicks(low: number, high: number, most: number): number[] {
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power++)
    powers.push(power);
  const every = Math.ceil(powers.length / most);
  if (powers.length >= 2)
    return powers.filter((_, at) => at % every === 0).map((power) => Number(`1e${power}`));
  return scaleLog([low, high], [0, 1])
    .ticks(most)
    .filter((_, at, all) => at % Math.ceil(all.length / most) === 0);
}

function textScale(
  values: Iterable<AxisValue>,
  { length, ticks: most = 12 }: { length: number; ticks?: number },
): AxisScale {
  const texts = sortedTexts(values);
  const positions = new Map(texts.map((text, at) => [text, at]));
  const at = (index: number) =>
    round(texts.length === 1 ? length / 2 : (index * length) / (texts.length - 1));
  const every = Math.ceil(texts.length / most);
  return {
    type: 'text',
    log: false,
    canLog: false,
    place(value) {
      const index = value === null || value === undefined ? undefined : positions.get(String(value));
      return index === undefined ? undefined : at(index);
    },
    ticks: texts
      .map((text, index) => ({ at: at(index), label: shorten(text, 18) }))
      .filter((_, index) => index % every === 0),
    between(from, to) {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      const chosen = texts.filter((_, index) => at(index) >= low - 2 && at(index) <= high + 2);
      return chosen.length === 0 ? undefined : { texts: chosen };
    },
    spanOf(range) {
      if (!('texts' in range)) return undefined;
      const places = range.texts.flatMap((text) =>
        positions.has(text) ? [at(positions.get(text) ?? 0)] : [],
      );
      return places.length === 0 ? undefined : { from: Math.min(...places) - 4, to: Math.max(...places) + 4 };
    },
  };
}

/** Different texts, numbers among them in the order of their size. */
function sortedTexts(values: Iterable<AxisValue>): string[] {
  const found = new Set<string>();
  for (const value of values) if (value !== null && value !== undefined) found.add(String(value));
  return [...found].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
