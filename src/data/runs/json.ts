import type { RunDetails, RunSeries, RunShape } from './types.ts';

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

/** Series as they come out of a data file: some of their numbers are texts. */
export function revivedSeries(series: unknown): RunSeries[] {
  return ((series ?? []) as RunSeries[]).map(({ resumed, ...one }) => ({
    ...one,
    values: one.values.map(numberOf),
    ...(resumed === undefined
      ? {}
      : {
          resumed: {
            ...resumed,
            earlier: { ...resumed.earlier, values: resumed.earlier.values.map(numberOf) },
          },
        }),
  }));
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
