import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesLacking } from '../../../collector/formats/metrics/join.ts';

const lines = (list: readonly string[]) => Buffer.from(list.map((line) => `${line}\n`).join(''));
const listOf = (bytes: Buffer) => bytes.toString().split('\n').slice(0, -1);
const line = fc.oneof(
  fc.nat(5).map((id) => `{"id":"p${id}","loss":${id}}`),
  fc.nat(2).map((value) => `{"loss":${value}}`),
);
const count = (list: readonly string[], wanted: string) => list.filter((each) => each === wanted).length;

describe('lines of metrics that a copy lacks', () => {
  it('make it hold each line with an id once, and of others as many as the copy with more of them', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (own, other) => {
        const once = own.filter((each, at) => !each.includes('id') || own.indexOf(each) === at);
        const joined = [...once, ...listOf(linesLacking(lines(once), lines(other)))];
        for (const each of new Set([...once, ...other])) {
          const most = Math.max(count(once, each), count(other, each));
          // What is appended behind a whole copy may be the same point once more, and is none the less one.
          const wanted = each.includes('id') ? 1 : most;
          expect(count(joined, each)).toBe(wanted);
        }
        expect(listOf(linesLacking(lines(joined), lines(other)))).toEqual([]);
      }),
    );
  });

  it('are whole ones only', () => {
    expect(linesLacking(Buffer.alloc(0), Buffer.from('{"a":1}\n{"b"')).toString()).toBe('{"a":1}\n');
  });
});
