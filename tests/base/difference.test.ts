import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../collector/base/difference.ts';
import type { JsonValue } from '../../collector/base/json.ts';

const brief = (before: JsonValue, after: JsonValue) =>
  differences(before, after).map(
    ({ kind, path, amount }) => `${kind} ${path}${amount === undefined ? '' : ` ${amount}`}`,
  );

describe('differences', () => {
  it('names fields by their path and says how much a number moved', () => {
    expect(
      brief({ git: { head: 'a' }, disk: { free: 81.2 } }, { git: { head: 'b' }, disk: { free: 79.9 } }),
    ).toEqual(['changed git.head', 'changed disk.free −1.3 (−1.6 %)']);
  });

  it('tells a sliding list from a changed one', () => {
    expect(brief(['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'e'])).toEqual(['removed [0]', 'added [3]']);
    expect(brief(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual(['changed [1]']);
  });

  it('compares lists of named things by name, whatever their order', () => {
    const before = [
      { name: 'api', up: true },
      { name: 'db', up: true },
    ];
    expect(
      brief(before, [
        { name: 'db', up: false },
        { name: 'api', up: true },
      ]),
    ).toEqual(['changed db.up']);
    expect(brief(before, [{ name: 'api', up: true }])).toEqual(['removed db']);
  });

  it('follows processes by their number, since many share a name and their order follows their load', () => {
    const before = [
      { pid: 1, name: 'init', cpu_seconds: 15 },
      { pid: 71, name: 'node', cpu_seconds: 9 },
      { pid: 72, name: 'node', cpu_seconds: 2 },
    ];
    const after = [
      { pid: 72, name: 'node', cpu_seconds: 20 },
      { pid: 1, name: 'init', cpu_seconds: 15 },
      { pid: 90, name: 'node', cpu_seconds: 1 },
    ];
    expect(brief({ processes: before }, { processes: after })).toEqual([
      'removed processes.71',
      'changed processes.72.cpu_seconds +18 (+900 %)',
      'added processes.90',
    ]);
  });

  it('quotes keys that are not plain', () => {
    expect(brief({ 'a b': 1, '': 2 }, { 'a b': 2, '': 3 })).toEqual([
      'changed ["a b"] +1 (+100 %)',
      'changed [""] +1 (+50 %)',
    ]);
  });

  it('treats __proto__ as a key like any other', () => {
    const before = JSON.parse('{"__proto__": {"x": 1}}') as JsonValue;
    const after = JSON.parse('{"__proto__": {"x": 2}}') as JsonValue;
    expect(brief(before, after)).toEqual(['changed __proto__.x +1 (+100 %)']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('survives nesting that would exhaust the stack', () => {
    const deep = (leaf: number) =>
      JSON.parse(`${'['.repeat(20_000)}${leaf}${']'.repeat(20_000)}`) as JsonValue;
    expect(() => differences(deep(1), deep(2))).not.toThrow();
  });

  it('finds nothing between equal values, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const reordered = reorder(value as JsonValue);
        expect(differences(value as JsonValue, reordered)).toEqual([]);
      }),
    );
  });

  it('finds something between different values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        fc.pre(JSON.stringify(reorder(before as JsonValue)) !== JSON.stringify(reorder(after as JsonValue)));
        expect(differences(before as JsonValue, after as JsonValue)).not.toEqual([]);
      }),
    );
  });
});

function reorder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reorder);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? 1 : -1));
  return Object.fromEntries(entries.map(([key, member]) => [key, reorder(member)]));
}
