import { formatDuration } from '../../collector/base/format/duration.ts';
import { formatNumber } from '../../collector/base/format/number.ts';
import type { CurveAxis } from './curve-axis.ts';
import { round } from './curve-strokes.ts';

interface Scale {
  (value: number): number;
  ticks(count: number): number[];
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const spans = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((count) => count * day),
];

/** Ticks of the way across: round steps, or round spans of time. */
export function xTicksOf(
  x: Scale,
  axis: CurveAxis,
  range: readonly [number, number],
): { x: number; label: string }[] {
  if (axis === 'time') {
    const times = timeTicksOf(range, 5);
    const labels = timeLabels(times);
    return times.map((ms, at) => ({ x: round(x(ms)), label: labels[at]! }));
  }
  const steps = ticksOf(x.ticks(Math.abs(range[1]) >= 10_000 ? 3 : 6), range);
  const labels = tickLabels(steps);
  return steps.map((step, at) => ({ x: round(x(step)), label: labels[at]! }));
}

/** What stands at ticks: short numbers, with as many digits as it takes to tell each from its neighbours. */
export function tickLabels(ticks: readonly number[]): string[] {
  const gaps = ticks.slice(1).map((tick, at) => Math.abs(tick - ticks[at]!));
  const near = Math.min(...gaps.filter((gap) => gap > 0)) / 100;
  const isTold = (tick: number, digits: number) => Math.abs(Number(tick.toPrecision(digits)) - tick) <= near;
  let digits = 3;
  while (digits < 15 && !ticks.every((tick) => isTold(tick, digits))) digits += 1;
  return ticks.map((tick) => shortTick(tick, digits));
}

/** Spans of time in words; those of a window so narrow that words would be the same are told to the millisecond. */
function timeLabels(times: readonly number[]): string[] {
  const words = times.map((ms) => (ms === 0 ? '0' : formatDuration(ms).replace(/\.0 s$/, ' s')));
  return new Set(words).size === words.length ? words : times.map(clockText);
}

/** "2:05:07.250", "0:00.004" */
function clockText(ms: number): string {
  const [hours, minutes, rest] = [
    Math.floor(ms / hour),
    Math.floor(ms / minute) % 60,
    (ms % minute) / second,
  ];
  const [whole, part] = rest.toFixed(3).split('.');
  const tail = `${whole!.padStart(2, '0')}${part === '000' ? '' : `.${part}`}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

function timeTicksOf([least, most]: readonly [number, number], count: number): number[] {
  const every = spans.find((span) => (most - least) / span <= count) ?? spans.at(-1)!;
  const first = Math.ceil(least / every);
  const found: number[] = [];
  for (let at = first; at * every <= most && found.length <= 2 * count; at++) found.push(at * every);
  return found.length > 0 ? found : [least];
}

/** Steps are whole numbers where all are. */
function ticksOf(ticks: number[], [least, most]: readonly [number, number]): number[] {
  const whole = ticks.filter(Number.isInteger);
  const inside = (whole.length >= 2 ? whole : ticks).filter((tick) => tick >= least && tick <= most);
  return inside.length > 0 ? inside : [least];
}

/** A number beside an axis or a line, where there is little room: "0.0213", "2.99 G". */
export function shortTick(value: number, digits = 3): string {
  const size = Math.abs(value);
  const unit = size < 1e6 ? undefined : units.find(([from]) => size >= from);
  return unit === undefined || size >= 1e15
    ? formatNumber(value, digits)
    : `${formatNumber(value / unit[0], digits)} ${unit[1]}`;
}

const units = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
] as const;

/** Ticks of the values; on a logarithmic scale powers of ten, where there are enough. */
export function yTicksOf(y: { ticks(count: number): number[]; domain(): number[] }, log: boolean): number[] {
  const ticks = y.ticks(4);
  if (!log || ticks.length <= 6) return ticks;
  const powers = ticks.filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  const used = powers.length >= 2 ? powers : ticks;
  const every = Math.ceil(used.length / 6);
  return used.filter((_, index) => index % every === 0);
}
