import { median } from 'd3';

/** A stretch of time, both ends inclusive. */
export interface Stretch {
  fromUs: number;
  toUs: number;
}

/** So much longer than usual a pause is silence, where there are enough snapshots to know what is usual. */
const muchLonger = 6;
const enough = 8;

/** Where nobody looked: pauses between snapshots that are much longer than usual. What roll-ups stand for was looked at. */
export function silences(times: ArrayLike<number>, rolled: readonly Stretch[]): Stretch[] {
  const steps: Stretch[] = [];
  for (let at = 1; at < times.length; at++) steps.push({ fromUs: times[at - 1]!, toUs: times[at]! });
  const usual = median(steps, lengthOf) ?? 0;
  if (steps.length < enough || usual <= 0) return [];
  const first = rolled[0];
  const ahead =
    first !== undefined && first.fromUs < times[0]! ? [{ fromUs: first.fromUs, toUs: times[0]! }] : [];
  return [...ahead, ...steps.filter((step) => lengthOf(step) > muchLonger * usual)]
    .flatMap((step) => without(step, rolled))
    .filter((step) => lengthOf(step) > muchLonger * usual);
}

/** What is left of a stretch beside others, which come in order. */
export function without(stretch: Stretch, others: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let { fromUs } = stretch;
  for (const other of others) {
    if (other.toUs < fromUs || other.fromUs > stretch.toUs) continue;
    if (other.fromUs > fromUs) left.push({ fromUs, toUs: other.fromUs });
    fromUs = Math.max(fromUs, other.toUs);
  }
  if (fromUs < stretch.toUs) left.push({ fromUs, toUs: stretch.toUs });
  return left;
}

function lengthOf({ fromUs, toUs }: Stretch): number {
  return toUs - fromUs;
}
