import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRepeatedKey } from '../../../collector/base/json/repeats.ts';
import { jsonValue } from '../../json-values.ts';

describe('findRepeatedKey', () => {
  it('finds a key that stands twice in one object, with both lines', () => {
    expect(findRepeatedKey('{"a": 1,\n "b": {"c": 1},\n "\\u0061" : 2}')).toEqual({
      key: 'a',
      line: 3,
      firstLine: 1,
    });
    expect(findRepeatedKey('[{"x": 1}, {"x": 1,\n"x"\n: 2}]')).toEqual({ key: 'x', line: 2, firstLine: 1 });
  });

  it('takes neither values nor other objects for it', () => {
    for (const text of [
      '["a", "a"]',
      '{"a": "a", "b": {"a": "{\\"a\\":1}"}}',
      '[{"a": 1}, {"a": 2}]',
      '"a"',
      '{}',
    ])
      expect(findRepeatedKey(text)).toBeUndefined();
  });

  it('finds none in what JSON.stringify writes, and one in every object that gets a member again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), jsonValue(), { minKeys: 1 }), fc.boolean(), (object, isWide) => {
        const text = JSON.stringify(object, null, isWide ? 1 : 0);
        expect(findRepeatedKey(text)).toBeUndefined();
        const key = Object.keys(object)[0]!;
        expect(findRepeatedKey(`${text.slice(0, -1)},${JSON.stringify(key)}:0}`)?.key).toBe(key);
      }),
    );
  });

  it('reads texts of some megabytes', () => {
    expect(findRepeatedKey(`{"a": "${'\\n'.repeat(3_000_000)}", "a": 1}`)?.key).toBe('a');
  });
});
