import { jsonText } from '../browser.ts';
import { numberOfUnits, scaledNumbers } from './scaled.ts';
import type { RunDetails, RunPoints, RunSeries, RunShape } from './types.ts';

/** For JSON.stringify: numbers that JSON cannot say become the texts "NaN", "Infinity", "-Infinity". */
export function plainNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** The number again; NaN where it is none. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : value === null ? Number.NaN : Number(value);
}

/** The numbers of a record again. The result has own properties only, whatever they are called. */
export function numbersOf(record: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, numberOf(value)]));
}

/**
 * Points as data files have them: steps that count up say so, and times are left out where there are none. Where numbers are
 * whole, or whole ones divided by a power of ten, the first is there and of each other one how much it is more.
 */
interface PackedPoints {
  steps: number[] | { from: number; by: number } | { deltas: number[] };
  timesUs?: (number | null)[] | { deltas: number[] };
  values: (number | string)[] | { scale: number; deltas: number[] };
  count: number;
}

/** The details of a run as data files hold them. */
export function detailsText(details: RunDetails): string {
  const text = jsonText(details);
  // A function that is asked of each value takes five times as long. What JSON cannot say it says as null.
  return text.includes('null') && holdsNoNumber(details) ? jsonText(details, undefined, plainNumber) : text;
}

/** Whether a number in it is one that JSON cannot say. */
function holdsNoNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsNoNumber);
  for (const name in value) if (holdsNoNumber((value as Record<string, unknown>)[name])) return true;
  return false;
}

/** Series in the shape in which data files hold them, ready for plain JSON. */
export function packedSeries(series: readonly RunSeries[]): unknown[] {
  return series.map(({ name, resumed, exact, ...points }) => ({
    name,
    ...packedPoints(points),
    ...(exact === undefined ? {} : { exact }),
    ...(resumed === undefined ? {} : { resumed: { ...resumed, earlier: packedPoints(resumed.earlier) } }),
  }));
}

function packedPoints({ steps, timesUs, values, count }: RunPoints): PackedPoints {
  const [from = 0, next = from + 1] = steps;
  const by = next - from;
  const isEven = steps.every((step, at) => step === from + at * by);
  // JSON has one zero.
  const scaled = values.every(Number.isFinite) ? scaledNumbers(values.map((value) => value + 0)) : undefined;
  return {
    steps: isEven ? { from, by } : whole(steps),
    ...(timesUs.every((us) => us === null) ? {} : { timesUs: whole(timesUs) }),
    values:
      scaled === undefined
        ? values.map((value) => (Number.isFinite(value) ? value : String(value)))
        : { scale: scaled.scale, deltas: deltasOf(scaled.units) },
    count,
  };
}

/** Whole numbers by their differences, others as they are. */
function whole<Value extends number | null>(numbers: Value[]): Value[] | { deltas: number[] } {
  const isWhole = (number: Value) => Number.isSafeInteger(number) && Math.abs(number as number) < 2 ** 52;
  return numbers.every(isWhole) ? { deltas: deltasOf(numbers as number[]) } : numbers;
}

function deltasOf(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers, (number, at) => (at === 0 ? number : number - numbers[at - 1]!));
}

function sumsOf(deltas: readonly number[]): number[] {
  let sum = 0;
  return deltas.map((delta) => {
    sum += delta;
    return sum;
  });
}

/** Series as they come out of a data file. */
export function revivedSeries(series: unknown): RunSeries[] {
  type Packed = PackedPoints & { resumed?: { by: string; at: number[]; earlier: PackedPoints } };
  return ((series ?? []) as (Packed & Pick<RunSeries, 'name' | 'exact'>)[]).map(
    ({ name, resumed, exact, ...points }) => ({
      name,
      ...revivedPoints(points),
      ...(exact === undefined ? {} : { exact }),
      ...(resumed === undefined ? {} : { resumed: { ...resumed, earlier: revivedPoints(resumed.earlier) } }),
    }),
  );
}

function revivedPoints({ steps, timesUs, values, count }: PackedPoints): RunPoints {
  const numbers = Array.isArray(values)
    ? values.map(numberOf)
    : sumsOf(values.deltas).map((units) => numberOfUnits(units, values.scale));
  return {
    steps: Array.isArray(steps)
      ? steps
      : 'deltas' in steps
        ? sumsOf(steps.deltas)
        : numbers.map((_, at) => steps.from + at * steps.by),
    timesUs:
      timesUs === undefined
        ? numbers.map(() => null)
        : Array.isArray(timesUs)
          ? timesUs
          : sumsOf(timesUs.deltas),
    values: numbers,
    count,
  };
}

/** Details as they come out of a data file: some of their numbers are texts. */
export function revivedDetails(details: unknown): RunDetails | undefined {
  if (details === undefined) return undefined;
  const given = details as RunDetails;
  return {
    ...given,
    metrics: numbersOf(given.metrics),
    series: given.series.map((one) => ({ ...one, last: numberOf(one.last) })),
  };
}

/** The shape of a run as it comes out of the cache. */
export function revivedShape(shape: RunShape | undefined): RunShape | undefined {
  return shape && { ...shape, metrics: numbersOf(shape.metrics) };
}
