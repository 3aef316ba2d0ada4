import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { differenceText } from '../../../src/data/snapshots/changes.ts';
import { unchangedView } from '../../../src/data/snapshots/unchanged.ts';
import { type Part, textOf } from '../../../src/parts/part.ts';
import { differencesPart, unchangedPart } from '../../../src/parts/values/differences.tsx';

const rows = (before: JsonObject, after: JsonObject) =>
  differences(before, after).map((one) => differenceText(one));
const lines = (parts: Part[]) => parts.flatMap((list) => list.children.map(textOf));

/** Every part of a tag, however deep. */
const all = (parts: readonly (Part | string)[], tag: string): Part[] =>
  parts.flatMap((one) =>
    typeof one === 'string' ? [] : [...(one.tag === tag ? [one] : []), ...all(one.children, tag)],
  );

describe('differences on a page', () => {
  it('read as sentences, each kind in its own way', () => {
    const before = { a: 'stable', b: 1, c: 'it went to staging by hand', gone: true, list: ['x', 'y', 'z'] };
    const after = {
      a: 'failed',
      b: 2,
      c: 'it went to production by hand',
      list: ['z', 'x', 'y'],
      come: 'new',
    };
    expect(lines(differencesPart(rows(before, after)))).toEqual([
      'astable →is now failed',
      'b1 →is now 2+1 (+100 %)',
      'cit went to stagingproduction by hand',
      'gone−removed true',
      'listz from place 3 to 11 of 3 moved',
      'come+added new',
    ]);
  });

  it('strike what went, also in the midst of a text', () => {
    const parts = differencesPart(
      rows({ t: 'it went to staging by hand' }, { t: 'it went to production by hand' }),
    );
    expect(all(parts, 'del').map(textOf)).toEqual(['staging']);
    expect(all(parts, 'ins').map(textOf)).toEqual(['production']);
  });

  it('fold what is too many and what is the same', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, at]));
    const [shown, folded] = differencesPart(rows({}, many), 4);
    expect([shown!.children.length, folded!.tag, textOf(folded!.children[0]!)]).toEqual([
      4,
      'details',
      '5 more',
    ]);
    const same = unchangedPart(unchangedView({ a: [1, 2], b: 1, c: 1 }, { a: [1, 2], b: 1, c: 2 }));
    expect(same.map(textOf)).toEqual(['3 values the samea 2b 1']);
    expect(unchangedPart({ count: 0, sections: [] })).toEqual([]);
  });

  it('keep recorded text from turning the direction of reading', () => {
    const parts = differencesPart(rows({ 'a\u202eb': 'x\u202ey' }, { 'a\u202eb': 'one\u202etwo' }));
    expect(parts.map(textOf).join('')).not.toContain('\u202e');
  });
});
