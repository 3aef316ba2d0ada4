import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silences, without } from '../../src/charts/field-gaps.ts';
import { fieldLine } from '../../src/charts/field-line.ts';

const times = [0, 1, 2, 3, 4, 5, 6, 7, 8, 40, 41];

describe('silence between snapshots', () => {
  it('is a pause much longer than usual, unless too few are known', () => {
    expect(silences(times, [])).toEqual([{ fromUs: 8, toUs: 40 }]);
    expect(silences([0, 1, 40], [])).toEqual([]);
  });

  it('is not where roll-ups stand for snapshots that were thinned out', () => {
    expect(silences(times, [{ fromUs: 9, toUs: 39 }])).toEqual([]);
    expect(silences(times, [{ fromUs: 9, toUs: 20 }])).toEqual([{ fromUs: 20, toUs: 40 }]);
    expect(silences([...times.map((us) => us + 100)], [{ fromUs: 0, toUs: 50 }])).toEqual([
      { fromUs: 50, toUs: 100 },
      { fromUs: 108, toUs: 140 },
    ]);
  });

  it('leaves of a stretch what no other covers, in order and apart from one another', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 30 }))
      .map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));
    fc.assert(
      fc.property(stretch, fc.array(stretch, { maxLength: 6 }), (whole, others) => {
        const sorted = others.sort((a, b) => a.fromUs - b.fromUs);
        const left = without(whole, sorted);
        const covers = (us: number) => sorted.some(({ fromUs, toUs }) => fromUs <= us && us <= toUs);
        for (let us = whole.fromUs + 0.5; us < whole.toUs; us++) {
          const isLeft = left.some(({ fromUs, toUs }) => fromUs <= us && us <= toUs);
          expect(isLeft).toBe(!covers(us));
        }
      }),
    );
  });
});

describe('the line of a field', () => {
  const size = { width: 100, height: 42, pixels: 100, fromUs: 0, toUs: 100 };
  const numbers = [
    { atUs: 0, value: 1 },
    { atUs: 80, value: 3 },
  ];

  it('stays where it is until the number changes', () => {
    expect(fieldLine(numbers, size).path).toBe('M0 40H80V2H100');
  });

  it('is not drawn across silence, nor where only roll-ups are left: they have a band with their mean', () => {
    const rolled = [{ fromUs: 60, toUs: 79, min: 0, max: 5, mean: 2.5 }];
    const breaks = [{ fromUs: 20, toUs: 40 }, rolled[0]!];
    const { path, bands, min, max } = fieldLine(numbers, size, { rolled, breaks });
    expect([min, max]).toEqual([0, 5]);
    expect(path).toBe('M0 32.4H20M40 32.4H60M79 32.4H80V17.2H100');
    expect(bands).toEqual([{ ...rolled[0], x: 60, width: 19, y: 2, height: 38, meanY: 21 }]);
  });
});
