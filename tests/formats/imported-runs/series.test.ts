import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSeriesLines, seriesLines } from '../../../collector/formats/imported-runs/series.ts';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';

const column = (length: number) =>
  fc.array(fc.double(), { minLength: length, maxLength: length }).map((each) => Float64Array.from(each));
const points = fc.integer({ min: 0, max: 20 }).chain((length) =>
  fc.record({
    steps: column(length),
    values: column(length),
    timesUs: fc.option(column(length), { nil: undefined }),
  }),
);
const someSeries = fc.uniqueArray(fc.record({ name: fc.string(), points, earlier: fc.option(points) }), {
  selector: ({ name }) => name,
  maxLength: 4,
});

describe('series of an imported run', () => {
  it('come back with every value, step and time', () => {
    fc.assert(
      fc.property(someSeries, (all) => {
        const series = all
          .filter(({ points: { values } }) => values.length > 0)
          .map(({ name, points: own, earlier }): MetricSeries => {
            if (earlier === null || earlier.values.length === 0) return { name, ...own };
            return { name, ...own, resumed: { by: 'step', at: [3], earlier } };
          });
        const text = [...seriesLines(series)].join('');
        const read = readSeriesLines(text, 'a', ({ found }) => expect.unreachable(found));
        // A negative zero is zero in JSON.
        expect(plain([...read.values()])).toEqual(plain(series));
      }),
    );
  });

  it('of many points stand in several lines', () => {
    const values = Float64Array.from({ length: 12_000 }, (_, at) => at / 7);
    const lines = [...seriesLines([{ name: 'loss', steps: values, values, timesUs: undefined }])];
    expect(lines).toHaveLength(3);
    expect(readSeriesLines(lines.join(''), 'a', () => undefined).get('loss')!.values).toEqual(values);
  });

  it('are read but for a line that is damaged, which is told', () => {
    const good = [
      ...seriesLines([
        { name: 'loss', steps: new Float64Array([0]), values: new Float64Array([1]), timesUs: undefined },
      ]),
    ];
    const found: (number | undefined)[] = [];
    const text = `{"name":"x","steps":[1],"values":[]}\n${good.join('')}{"name":`;
    const read = readSeriesLines(text, 'a', ({ line }) => found.push(line));
    expect([[...read.keys()], found]).toEqual([['loss'], [1, 3]]);
  });
});

function plain(series: readonly MetricSeries[]): unknown {
  return JSON.parse(
    JSON.stringify(series, (_, value) => {
      if (value instanceof Float64Array)
        return Array.from(value, (each) => (Object.is(each, -0) ? '0' : String(each)));
      return value;
    }),
  );
}
