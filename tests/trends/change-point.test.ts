import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePoint } from '../../collector/trends/change-point.ts';
import { Random } from '../../collector/trends/random.ts';

const options = { confirmations: 3 };

/** Levels with noise of 2 %. */
function levels(...parts: [count: number, level: number][]): number[] {
  const random = new Random(4);
  return parts.flatMap(([count, level]) =>
    Array.from({ length: count }, () => level * (1 + 0.02 * random.normal())),
  );
}

describe('changePoint', () => {
  it('finds the place of a step, also one with three values behind it', () => {
    expect(changePoint(levels([10, 1], [10, 1.3]), options)?.at).toBe(10);
    expect(changePoint(levels([17, 1], [3, 1.3]), options)?.at).toBe(17);
    expect(changePoint(levels([194, 1], [6, 0.8]), options)?.at).toBe(194);
  });

  it('finds none in values that are equal, or in an outlier, or in noise', () => {
    expect(
      changePoint(
        Array.from({ length: 30 }, () => 7),
        options,
      ),
    ).toBeUndefined();
    const outlier = levels([20, 1]);
    outlier[12] = 50;
    expect(changePoint(outlier, options)).toBeUndefined();
    expect(changePoint(levels([40, 1]), options)).toBeUndefined();
  });

  it('finds a step between levels without any noise', () => {
    const values = [...Array.from({ length: 12 }, () => 3), ...Array.from({ length: 8 }, () => 4)];
    expect(changePoint(values, options)).toMatchObject({ at: 12, p: expect.closeTo(0.0005, 3) });
  });

  it('is not hidden by an outlier among many values', () => {
    const values = levels([20, 1], [20, 1.3]);
    values[3] = 40;
    expect(changePoint(values, options)?.at).toBe(20);
  });

  it('leaves as many values behind a change as have to confirm it', () => {
    const values = levels([17, 1], [3, 1.3]);
    const at = changePoint(values, { confirmations: 5 })?.at;
    expect(at === undefined || at <= 15).toBe(true);
  });

  it('is the same whatever the unit, and says the same twice', () => {
    const values = levels([10, 1], [10, 1.3]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (unit) => {
        const scaled = values.map((value) => value * unit);
        expect(changePoint(scaled, options)?.at).toBe(10);
        expect(changePoint(scaled, options)).toEqual(changePoint(scaled, options));
      }),
      { numRuns: 20 },
    );
  });
});
