import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowScroll } from '../../src/client/row-scroll.ts';

/** A page of ten rows of 32 pixels. */
function scrollOf(count: number): RowScroll {
  const scroll = new RowScroll();
  return Object.assign(scroll, { count, rowHeight: 32, pageHeight: 320 });
}

/** How far a browser can scroll: the spacer stands below a page of the height of the view. */
const endOf = (scroll: RowScroll) => scroll.spacer();

describe('the rows of a scrolled table', () => {
  it('are all seen where they fit, and no spacer is needed', () => {
    const scroll = scrollOf(4);
    expect([scroll.spacer(), scroll.offset(0, 0), scroll.seen(0)]).toEqual([0, 0, { first: 0, shown: 4 }]);
    expect(scrollOf(0).seen(0)).toEqual({ first: 0, shown: 0 });
  });

  it('are seen by a page and one more, of which the first may be cut', () => {
    expect(scrollOf(1000).seen(40)).toEqual({ first: 1, shown: 11 });
    expect(scrollOf(1000).seen(990 * 32)).toEqual({ first: 990, shown: 10 });
  });

  it('end with the last one, however many there are', () => {
    for (const count of [11, 1000, 250_000, 250_001, 10_000_000]) {
      const scroll = scrollOf(count);
      const offset = scroll.offset(endOf(scroll), endOf(scroll));
      expect([scroll.spacer() <= 8_000_000, offset]).toEqual([true, count * 32 - 320]);
      expect(scroll.offset(0, endOf(scroll))).toBe(0);
    }
  });

  it('come into view where they are looked for, and stay where they are in view already', () => {
    const counts = fc.integer({ min: 1, max: 20_000_000 });
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (count, share, any) => {
        const scroll = scrollOf(count);
        const row = any % count;
        const from = scroll.offset(share * endOf(scroll), endOf(scroll));
        const offset = scroll.offset(scroll.topOf(scroll.reveal(row, from), endOf(scroll)), endOf(scroll));
        // Half a pixel is what proportions cost.
        expect(row * 32).toBeGreaterThanOrEqual(offset - 0.5);
        expect(row * 32 + 32).toBeLessThanOrEqual(offset + 320 + 0.5);
        expect(scroll.reveal(row, offset)).toBeCloseTo(offset, 0);
      }),
    );
  });

  it('are reached by keys, and none beyond the first and the last', () => {
    const scroll = scrollOf(100);
    const from = (selected: number) =>
      ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'].map((key) =>
        scroll.target(key, selected),
      );
    expect(from(50)).toEqual([49, 51, 41, 59, 0, 99]);
    expect(from(0)).toEqual([0, 1, 0, 9, 0, 99]);
    expect(from(99)).toEqual([98, 99, 90, 99, 0, 99]);
    expect(from(-1)).toEqual([0, 0, 0, 8, 0, 99]);
    expect([scroll.target('a', 5), scroll.target('toString', 5)]).toEqual([undefined, undefined]);
    expect(scrollOf(0).target('End', -1)).toBe(-1);
  });
});
