import type { MetricPoints, MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { RunPoints, RunSeries } from './types.ts';

/** A series as pages draw it: of each stretch its lowest and highest value, never more than `most` points. */
export function thinSeries({ name, resumed, ...points }: MetricSeries, most = 2000): RunSeries {
  const thin = { name, ...thinPoints(points, most) };
  return resumed === undefined
    ? thin
    : { ...thin, resumed: { ...resumed, earlier: thinPoints(resumed.earlier, most) } };
}

function thinPoints(series: MetricPoints, most: number): RunPoints {
  const { values } = series;
  const kept =
    values.length <= most ? Array.from(values, (_, at) => at) : extremesOf(values, Math.floor(most / 2) - 1);
  return {
    steps: kept.map((at) => series.steps[at] ?? at),
    timesUs: kept.map((at) => numberOrNull(series.timesUs?.[at])),
    values: kept.map((at) => values[at] as number),
    count: values.length,
  };
}

function numberOrNull(number = Number.NaN): number | null {
  return Number.isNaN(number) ? null : number;
}

/** Positions of the lowest and highest value of each of `parts` stretches, and of both ends, in order. */
export function extremesOf(values: ArrayLike<number>, parts: number): number[] {
  const kept = new Set<number>([0, values.length - 1]);
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.floor(((part + 1) * values.length) / parts);
    let [low, high] = [from, from];
    for (let at = from; at < to; at++) {
      const value = values[at] as number;
      // A value that is none is neither low nor high; the first of them stands for its stretch.
      if (value < (values[low] as number) || Number.isNaN(values[low])) low = at;
      if (value > (values[high] as number) || Number.isNaN(values[high])) high = at;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
