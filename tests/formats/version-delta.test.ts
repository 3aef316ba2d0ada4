import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../collector/base/json.ts';
import {
  checksumOf,
  findLossyNumber,
  readContent,
  serializeContent,
} from '../../collector/formats/version-content.ts';
import { applyDelta, createDelta } from '../../collector/formats/version-delta.ts';

const json = () => fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('deltas', () => {
  it('lead from any value to exactly any other, or there are none', () => {
    fc.assert(
      fc.property(json(), json(), (before, after) => {
        const delta = createDelta(before, after);
        if (delta !== undefined) expect(checksumOf(applyDelta(copy(before), delta))).toBe(checksumOf(after));
      }),
    );
  });

  it('exist between any two objects of plain keys, and any two lists', () => {
    const part = fc.jsonValue({ maxDepth: 2 });
    const keyed = fc.dictionary(
      fc.stringMatching(/^[a-z/~ ]{1,4}$/),
      fc.array(fc.oneof(fc.integer(), fc.string())),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(keyed, keyed, (before, after) => {
        const delta = createDelta({ ...before }, { ...after });
        expect(delta).toBeDefined();
        expect(checksumOf(applyDelta(copy(before), delta!))).toBe(checksumOf({ ...after }));
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(part, { maxLength: 12 }), (before, after) => {
        const [from, to] = [before, after] as JsonValue[][];
        const delta = createDelta(from!, to!);
        if (!/__proto__|constructor|prototype/.test(JSON.stringify([from, to]))) expect(delta).toBeDefined();
      }),
    );
  });

  it('between texts are their changed lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', 'é')),
        fc.array(fc.constantFrom('a', 'b', '\n', '')),
        (one, two) => {
          const delta = createDelta(one.join(''), two.join(''));
          expect(applyDelta(one.join(''), delta!)).toBe(two.join(''));
        },
      ),
    );
    const text = Array.from({ length: 2000 }, (_, n) => `line ${n}\n`).join('');
    expect(createDelta(text, text.replace('line 700\n', 'LINE 700\n'))).toBe(
      '{"lines":[[700,1,["LINE 700\\n"]]]}',
    );
  });

  it('stay small where a long list changes in the middle, and whatever is done to it they end', () => {
    const list = Array.from({ length: 8000 }, (_, id) => ({ id, name: `item ${id}`, v: id / 7 }));
    const shorter = list.filter(({ id }) => id !== 4000);
    expect(createDelta(list, shorter)).toBe('[{"op":"remove","path":"/4000"}]');
    expect(createDelta(shorter, list)!.length).toBeLessThan(200);
    const changed = list.map((each) => (each.id % 100 === 0 ? { ...each, v: -1 } : each));
    expect(createDelta(list, changed)!.length).toBeLessThan(5000);
    const turned = createDelta(list, list.toReversed());
    expect(checksumOf(applyDelta(copy(list), turned!))).toBe(checksumOf(list.toReversed()));
  });

  it.each<[string, JsonValue, JsonValue]>([
    ['a list and an object', [1], { a: 1 }],
    ['a text and a number', 'a', 1],
    ['null and an object', null, {}],
    [
      'objects with a key the patch library will not follow',
      { constructor: { a: 1 } },
      { constructor: { a: 2 } },
    ],
  ])('do not exist between %s', (_, before, after) => {
    expect(createDelta(before, after)).toBeUndefined();
  });

  it('never reach the prototype of anything', () => {
    const hostile =
      '[{"op":"add","path":"/__proto__/polluted","value":1},{"op":"add","path":"/constructor/prototype/polluted","value":1}]';
    expect(() => applyDelta({ a: 1 }, hostile)).not.toThrow('prototype');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each<[string, JsonValue, string]>([
    ['what is no JSON', {}, '{'],
    ['an object', {}, '{"a":1}'],
    ['operations without a path', {}, '[{"op":"add"}]'],
    ['an operation that does not fit', { a: 1 }, '[{"op":"remove","path":"/b"}]'],
    ['lines beyond the text', 'a\n', '{"lines":[[7,1,["x"]]]}'],
    ['a patch of a text', 'a', '[]'],
  ])('refuse %s', (_, before, delta) => {
    expect(() => applyDelta(before, delta)).toThrow(/Expected/);
  });
});

describe('content', () => {
  it('comes back as it was for every value, texts that look like JSON included', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          json(),
          json().map((value) => JSON.stringify(value)),
        ),
        (value) => {
          const read = readContent(serializeContent(value), checksumOf(value));
          expect(read).toMatchObject({ kind: 'value', isVerified: true });
          expect(read.kind === 'value' && checksumOf(read.value)).toBe(checksumOf(value));
        },
      ),
    );
  });

  it('is damaged wherever a byte is another', () => {
    const bytes = serializeContent({ a: [1, 2, { b: 'text' }], c: null });
    const checksum = checksumOf({ a: [1, 2, { b: 'text' }], c: null });
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ 1;
      expect(readContent(changed, checksum).kind).not.toBe('value');
      expect(readContent(bytes.subarray(0, at), checksum).kind).not.toBe('value');
    }
  });

  it('names whole numbers that a double cannot hold, and no others', () => {
    expect(findLossyNumber('{"id": 12345678901234567890}')).toBe('12345678901234567890');
    expect(findLossyNumber('[9007199254740993]')).toBe('9007199254740993');
    expect(
      findLossyNumber(
        '{"id": 9007199254740992, "v": 0.49543508709194095, "e": 1e300, "t": "12345678901234567890"}',
      ),
    ).toBeUndefined();
  });
});
