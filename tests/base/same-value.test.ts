import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../collector/base/difference/difference.ts';
import type { JsonValue } from '../../collector/base/json/json.ts';
import { isSameValue } from '../../collector/base/same-value.ts';
import { jsonValue } from '../json-values.ts';

describe('whether two values are the same', () => {
  it('agrees with their differences', () => {
    fc.assert(
      fc.property(jsonValue({ maxDepth: 3 }), jsonValue({ maxDepth: 3 }), (one, other) => {
        const [a, b] = [one as JsonValue, other as JsonValue];
        expect(isSameValue(a, b)).toBe(differences(a, b).length === 0);
        expect(isSameValue(a, structuredClone(a))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('does not ask for the order of keys, tells lists from objects, and minds "__proto__"', () => {
    expect(isSameValue({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
    expect(isSameValue([], {})).toBe(false);
    expect(isSameValue([1], { 0: 1 })).toBe(false);
    expect(isSameValue({ a: null }, {})).toBe(false);
    expect(isSameValue(JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}'))).toBe(false);
    expect(isSameValue(JSON.parse('{"__proto__": {}}'), JSON.parse('{"a": {}}'))).toBe(false);
  });

  it('holds at any depth', () => {
    const deep = (leaf: string) =>
      JSON.parse(`${'['.repeat(20_000)}${leaf}${']'.repeat(20_000)}`) as JsonValue;
    expect(isSameValue(deep('1'), deep('1'))).toBe(true);
    expect(isSameValue(deep('1'), deep('2'))).toBe(false);
  });
});
