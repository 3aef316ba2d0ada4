import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import { toJsonPatch } from '../../../collector/base/difference/patch.ts';
import { applyJsonPatch } from '../../../collector/base/difference/patch-apply.ts';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { jsonValue } from '../../json-values.ts';

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

  it('compares lists of named things by name, and tells their new order once', () => {
    const before = [
      { name: 'api', up: true },
      { name: 'db', up: true },
    ];
    expect(
      brief(before, [
        { name: 'db', up: false },
        { name: 'api', up: true },
      ]),
    ).toEqual(['changed db.up', 'moved  1 of 2']);
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
      'moved processes 1 of 3',
    ]);
  });

  it('tells a list that was only put in another order as one thing', () => {
    const names = Array.from({ length: 200 }, (_, at) => `module ${at}`);
    const turned = [...names.slice(1), names[0]!];
    expect(differences({ names }, { names: turned })).toEqual([
      {
        kind: 'moved',
        path: 'names',
        place: ['names'],
        before: undefined,
        after: undefined,
        amount: '1 of 200',
        moves: [{ from: 0, to: 199, name: 'module 0' }],
      },
    ]);
    expect(brief({ names }, { names: names.toReversed() })).toEqual(['moved names 199 of 200']);
    expect(brief([1, 1, 2, 2], [2, 2, 1, 1])).toEqual(['moved  2 of 4']);
  });

  it('sees an element that moved among others that came and went', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(brief(before, ['e', 'a', 'b', 'x', 'd', 'f'])).toEqual(['changed [3]', 'moved  1 of 6']);
  });

  it('keeps numbers that are measured at their place', () => {
    expect(brief({ load: [0.75, 1.08, 1] }, { load: [1.08, 0.75, 1] })).toEqual([
      'changed load[0] +0.33 (+44 %)',
      'changed load[1] −0.33 (−31 %)',
    ]);
  });

  it('stays linear on a shuffled list of 100,000 and on one that shares hardly anything', () => {
    const list = Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 100_003);
    const [moved, ...others] = differences(
      list,
      list.toSorted((a, b) => a - b),
    );
    expect([moved!.kind, others.length]).toEqual(['moved', 0]);
    expect(moved!.moves!.length).toBeGreaterThan(90_000);
    const few = list.map((value) => value % 2);
    const other = few.map((value, at) => (at % 3 === 0 ? 1 - value : value));
    expect(applyJsonPatch(few, toJsonPatch(differences(few, other)))).toEqual(other);
    const texts = list.map((value) => `old ${value}`);
    expect(differences(texts, list).length).toBe(100_000);
  });

  it('compares what is nested too deep as a whole, and truly', () => {
    const deep = (leaf: string) =>
      JSON.parse(`${'{"a":['.repeat(5000)}${leaf}${']}'.repeat(5000)}`) as JsonValue;
    expect(differences(deep('1'), deep('1'))).toEqual([]);
    expect(differences(deep('1'), deep('2')).map(({ kind }) => kind)).toEqual(['changed']);
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
      fc.property(jsonValue(), (value) => {
        const reordered = reorder(value as JsonValue);
        expect(differences(value as JsonValue, reordered)).toEqual([]);
      }),
    );
  });

  it('finds something between different values', () => {
    fc.assert(
      fc.property(jsonValue(), jsonValue(), (before, after) => {
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
