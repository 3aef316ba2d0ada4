import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeOf, movedRange, wholeRange } from '../../src/charts/brush-keys.ts';
import { emptyBins } from '../../src/charts/histogram.ts';

const hourUs = 3_600e6;
const start = Date.UTC(2026, 10, 20) * 1000;
const at = (hours: number) => start + hours * hourUs;
/** Twenty hours. */
const bins = emptyBins(start, at(19.5), 'hour');

describe('a range of time moved by keys', () => {
  it('begins with all of the time', () => {
    expect([bins.length, wholeRange(bins)]).toEqual([20, { fromUs: at(0), toUs: at(20) }]);
    expect(movedRange(bins, undefined, 'from', 'ArrowRight', 1)).toEqual({ fromUs: at(1), toUs: at(20) });
    expect(movedRange(bins, undefined, 'to', 'ArrowLeft', 10)).toEqual({ fromUs: at(0), toUs: at(10) });
  });

  it('moves one end and holds the other, on whole bins', () => {
    const range = { fromUs: at(5), toUs: at(8) };
    expect(movedRange(bins, range, 'from', 'Home', 1)).toEqual({ fromUs: at(0), toUs: at(8) });
    expect(movedRange(bins, range, 'to', 'End', 1)).toEqual({ fromUs: at(5), toUs: at(20) });
    expect(movedRange(bins, { fromUs: at(5.5), toUs: at(8) }, 'from', 'ArrowLeft', 1)?.fromUs).toBe(at(4));
    expect([edgeOf(bins, at(5.5)), edgeOf(bins, at(99))]).toEqual([5, 20]);
  });

  it('never leaves the time there is, and keeps a bin between its ends', () => {
    const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'Home', 'End');
    fc.assert(
      fc.property(
        fc.nat(18),
        fc.nat(18),
        fc.constantFrom('from' as const, 'to' as const),
        keys,
        fc.constantFrom(1, 10),
        (a, length, end, key, step) => {
          const range = { fromUs: at(a), toUs: at(Math.min(20, a + 1 + length)) };
          const moved = movedRange(bins, range, end, key, step)!;
          expect(moved.fromUs).toBeGreaterThanOrEqual(at(0));
          expect(moved.toUs).toBeLessThanOrEqual(at(20));
          expect(moved.toUs - moved.fromUs).toBeGreaterThanOrEqual(hourUs);
          const other = end === 'from' ? 'toUs' : 'fromUs';
          expect(moved[other]).toBe(range[other]);
        },
      ),
    );
  });

  it('is left alone by other keys', () => {
    for (const key of ['a', 'Enter', 'toString'])
      expect(movedRange(bins, undefined, 'to', key, 1)).toBeUndefined();
  });
});
