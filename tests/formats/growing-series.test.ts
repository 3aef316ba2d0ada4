import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingSeries } from '../../collector/formats/metrics/growing.ts';

const value = fc.oneof(
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.constantFrom(Number.NaN, Infinity),
);

function grown(values: readonly number[], most: number): GrowingSeries {
  const series = new GrowingSeries(most);
  for (const [at, one] of values.entries()) series.push(at, at * 1000, one);
  return series;
}

describe('a series that grows', () => {
  it('keeps every point as long as there is room', () => {
    const values = Array.from({ length: 900 }, (_, at) => Math.sin(at));
    expect(grown(values, 2000).kept()).toEqual({
      steps: values.map((_, at) => at),
      timesUs: values.map((_, at) => at * 1000),
      values,
      count: 900,
    });
  });

  it('keeps the extremes and both ends of any length in few points, each as it was and in their order', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 700 }),
        fc.integer({ min: 6, max: 60 }),
        (values, most) => {
          const { steps, values: kept, count } = grown(values, most).kept();
          expect(count).toBe(values.length);
          expect(kept.length).toBeLessThanOrEqual(most);
          expect(kept).toEqual(steps.map((step) => values[step]));
          expect(steps).toEqual(steps.toSorted((a, b) => a - b));
          expect(new Set(steps).size).toBe(steps.length);
          expect([steps[0], steps.at(-1)]).toEqual([0, values.length - 1]);
          const numbers = values.filter((one) => !Number.isNaN(one));
          if (numbers.length > 0) {
            expect(kept).toContain(Math.min(...numbers));
            expect(kept).toContain(Math.max(...numbers));
          }
        },
      ),
    );
  });

  it('keeps of 100,000 points as many from every part of them', () => {
    const values = Array.from({ length: 100_000 }, (_, at) => Math.sin(at / 7));
    const { steps } = grown(values, 2000).kept();
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => steps.filter((step) => Math.floor(step / 10_000) === tenth).length,
    );
    expect(steps.length).toBeGreaterThan(900);
    expect(Math.max(...tenths)).toBeLessThan(2 * Math.min(...tenths));
  });

  it('goes on from what another one kept, so that what is old does not fade', () => {
    const first = grown(
      Array.from({ length: 100_000 }, (_, at) => Math.sin(at / 7)),
      2000,
    );
    const second = new GrowingSeries(2000);
    second.take(first.kept());
    expect(second.count).toBe(100_000);
    for (let at = 100_000; at < 200_000; at++) second.push(at, null, Math.sin(at / 7));
    const { steps, count } = second.kept();
    const old = steps.filter((step) => step < 100_000).length;
    expect(count).toBe(200_000);
    expect(old).toBeGreaterThan(steps.length / 4);
    expect(old).toBeLessThan((steps.length * 3) / 4);
  });
});
