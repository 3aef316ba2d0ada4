import type { Scalar } from '../record.ts';

/** What several runs reached of one measure; `Run` is what a run is known by: its key, or its row. */
export interface Measure<Run = string> {
  /** How many of them have a finite number of it. */
  n: number;
  mean: number;
  /** Sample standard deviation; undefined for one run alone. */
  deviation: number | undefined;
  least: number;
  most: number;
  /** The best value and the run that has it; undefined where nothing says what is better. */
  best: { value: number; run: Run } | undefined;
}

/** What some runs reached; undefined where none has a finite number. */
export function measureOf<Run>(
  runs: readonly Run[],
  valueIn: (run: Run) => Scalar | undefined,
  direction: 'min' | 'max' | undefined,
): Measure<Run> | undefined {
  const found = runs.flatMap((run) => {
    const value = valueIn(run);
    return typeof value === 'number' && Number.isFinite(value) ? [{ value, run }] : [];
  });
  if (found.length === 0) return undefined;
  const values = found.map(({ value }) => value);
  const mean = meanOf(values);
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const best = direction === 'min' ? least : most;
  return {
    n: values.length,
    mean,
    deviation:
      values.length < 2
        ? undefined
        : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)),
    least,
    most,
    best: direction === undefined ? undefined : found.find(({ value }) => value === best),
  };
}

/** Around the first value, so that large numbers close to each other keep their digits, and equal ones their value. */
function meanOf(values: readonly number[]): number {
  const [first] = values as [number];
  return first + values.reduce((sum, value) => sum + (value - first) / values.length, 0);
}
