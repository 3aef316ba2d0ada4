import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import { jsonPatch, type PatchOperation, toJsonPatch } from '../../../collector/base/difference/patch.ts';
import { applyJsonPatch } from '../../../collector/base/difference/patch-apply.ts';
import type { JsonObject, JsonValue } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'a/b', '~', '~1', '', '0', '__proto__', 'constructor', 'a b', '-'),
  fc.string({ maxLength: 3 }),
);
const leaf = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, 1, 2, 1.5, '', 'a', 'b'),
  fc.string({ maxLength: 4 }),
);
const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }),
    namedThings(tie('value')),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }).map(toObject),
  ),
}));

/** Values whose lists are all lists of named things: what belongs together is never a matter of choice. */
const { named: namedValue } = fc.letrec<{ named: JsonValue }>((tie) => ({
  named: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    namedThings(tie('named')),
    fc.dictionary(key, tie('named'), { maxKeys: 5 }).map(toObject),
  ),
}));

/** A list of objects that all have a name of their own. */
function namedThings(member: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  const thing = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 1, 2, '1'), member);
  return fc
    .uniqueArray(thing, { maxLength: 7, selector: ([name]) => String(name) })
    .map((things) => things.map(([name, state]) => ({ name, state })));
}

/** Two values of which the second often is the first with something done to it. */
const pair = fc.oneof(
  fc.tuple(anyValue, anyValue),
  fc.tuple(anyValue, anyValue, fc.array(fc.nat(1000), { maxLength: 6 })).map(([before, other, steps]) => {
    return [before, steps.reduce((value, step) => disturb(value, step, other), before)] as [
      JsonValue,
      JsonValue,
    ];
  }),
);

describe('differences of any two values', () => {
  it('are none between equal values, and some between others', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const found = differences(before, after);
        expect(found.length === 0).toBe(JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
        expect(differences(before, structuredClone(before))).toEqual([]);
      }),
    );
  });

  it('count alike in both directions', () => {
    fc.assert(
      fc.property(namedValue, namedValue, (before, after) => {
        const [there, back] = [countKinds(before, after), countKinds(after, before)];
        expect({ ...back, added: back.removed, removed: back.added }).toEqual(there);
      }),
      { numRuns: 1000 },
    );
  });

  it('touch neither value', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const texts = JSON.stringify([before, after]);
        jsonPatch(before, after);
        differences(before, after);
        expect(JSON.stringify([before, after])).toBe(texts);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a JSON Patch', () => {
  it('made from differences leads to the newer value, by the letter of RFC 6902', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        expect(sorted(applyByTheLetter(before, toJsonPatch(differences(before, after))))).toEqual(
          sorted(after),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('made from two values does so too, and is never longer', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const patch = jsonPatch(before, after);
        expect(sorted(applyByTheLetter(before, patch))).toEqual(sorted(after));
        const plain = toJsonPatch(differences(before, after));
        expect(JSON.stringify(patch).length).toBeLessThanOrEqual(JSON.stringify(plain).length + 60);
      }),
      { numRuns: 1500 },
    );
  });

  it('is understood by another implementation', () => {
    fc.assert(
      // That implementation leaves out the steps "__proto__", "constructor" and "prototype", and cannot replace the root.
      fc.property(pair, ([before, after]) => {
        const [old, next] = [{ doc: before }, { doc: after }];
        fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify([old, next])));
        const target = structuredClone(old);
        const results = applyPatch(target, jsonPatch(old, next));
        expect(results.filter((result) => result !== null)).toEqual([]);
        expect(sorted(target)).toEqual(sorted(next));
      }),
      { numRuns: 1000 },
    );
  });

  it('is carried out on a copy, with the digits of numbers that no double holds', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify([before, after])));
        const exact = (value: JsonValue) => parseJson(`[${JSON.stringify(value)},12345678901234567891]`);
        const old = exact(before);
        const text = jsonText(old);
        expect(jsonText(sorted(applyJsonPatch(old, jsonPatch(old, exact(after)))))).toBe(
          jsonText(sorted(exact(after))),
        );
        expect(jsonText(old)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, PatchOperation]>([
    ['an operation that does not fit', { op: 'remove', path: '/b' }],
    ['a step to a prototype', { op: 'add', path: '/__proto__/x', value: 1 }],
  ])('is refused whole for %s', (_, operation) => {
    expect(() => applyJsonPatch({ a: 1 }, [operation])).toThrow(/Expected/);
  });
});

function countKinds(before: JsonValue, after: JsonValue) {
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, elements: 0 };
  for (const { kind, moves } of differences(before, after)) {
    counts[kind] += 1;
    counts.elements += moves?.length ?? 0;
  }
  return counts;
}

/** A small change somewhere: elements of lists swapped, taken out, put in; fields changed. */
function disturb(value: JsonValue, step: number, other: JsonValue): JsonValue {
  if (Array.isArray(value) && value.length > 0) {
    const list = [...value];
    const at = step % list.length;
    const what = step % 5;
    if (what === 0) list.splice(at, 1);
    else if (what === 1 && !list.every((one) => typeof one === 'object')) list.splice(at, 0, other);
    else if (what === 2) list.push(...list.splice(at, 1));
    else if (what === 3) list.unshift(...list.splice(at, 2));
    else list[at] = disturb(list[at]!, step >> 1, other);
    return list;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return other;
    const copy = toObject(value as JsonObject);
    const chosen = keys[step % keys.length]!;
    if (step % 7 === 0) delete copy[chosen];
    else setOwn(copy, chosen, disturb((value as JsonObject)[chosen]!, step >> 1, other));
    return copy;
  }
  return other;
}

function toObject(entries: { [key: string]: JsonValue }): JsonObject {
  const object: JsonObject = {};
  for (const [name, value] of Object.entries(entries)) setOwn(object, name, value);
  return object;
}

function setOwn(object: object, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The same value with its keys in order and without prototypes, fit to be compared. */
function sorted(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const members = Object.keys(value)
    .sort()
    .map((name) => [name, sorted((value as JsonObject)[name]!)]);
  return { members };
}

/** RFC 6902 as it is written: every target must exist, positions must be within the list. */
function applyByTheLetter(before: JsonValue, patch: PatchOperation[]): JsonValue {
  const box: { root: JsonValue } = { root: structuredClone(before) };
  for (const operation of patch) {
    if (operation.op === 'remove') take(box, operation.path);
    else if (operation.op === 'move') put(box, operation.path, take(box, operation.from));
    else {
      if (operation.op === 'replace') take(box, operation.path);
      put(box, operation.path, structuredClone(operation.value));
    }
  }
  return box.root;
}

function take(box: { root: JsonValue }, pointer: string): JsonValue {
  const [holder, step] = holderOf(box, pointer);
  if (Array.isArray(holder)) {
    expect(step).toMatch(/^(0|[1-9]\d*)$/);
    expect(Number(step)).toBeLessThan(holder.length);
    return holder.splice(Number(step), 1)[0]!;
  }
  expect(Object.hasOwn(holder, step)).toBe(true);
  const value = (holder as JsonObject)[step]!;
  delete (holder as JsonObject)[step];
  return value;
}

function put(box: { root: JsonValue }, pointer: string, value: JsonValue): void {
  const [holder, step] = holderOf(box, pointer);
  if (!Array.isArray(holder)) {
    setOwn(holder, step, value);
    return;
  }
  expect(step).toMatch(/^(0|[1-9]\d*)$/);
  expect(Number(step)).toBeLessThanOrEqual(holder.length);
  holder.splice(Number(step), 0, value);
}

function holderOf(box: { root: JsonValue }, pointer: string): [object, string] {
  const steps = ['root', ...pointer.split('/').slice(1)].map((step) =>
    step.replaceAll('~1', '/').replaceAll('~0', '~'),
  );
  let holder: object = box;
  for (const step of steps.slice(0, -1)) {
    expect(Object.hasOwn(holder, step)).toBe(true);
    holder = (holder as Record<string, object>)[step]!;
  }
  return [holder, steps.at(-1)!];
}
