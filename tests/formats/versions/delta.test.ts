import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { canonicalJson } from '../../../collector/formats/versions/canonical-json.ts';
import { checksumOf, readContent, serializeContent } from '../../../collector/formats/versions/content.ts';
import { applyDelta, createDelta } from '../../../collector/formats/versions/delta.ts';
import { jsonValue } from '../../json-values.ts';

const json = () => jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
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
    const part = jsonValue({ maxDepth: 2 });
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

  it('keeps numbers that a double cannot hold, and tells them apart by their last digit', () => {
    const text = '{"id":9007199254740993,"n":[1e400,0.1234567890123456789012345],"x":1.0,"z":-0.0}';
    const value = parseJson(text);
    expect(serializeContent(value).toString()).toBe(text);
    const checksum = checksumOf(value);
    expect(readContent(Buffer.from(text), checksum)).toMatchObject({ kind: 'value', isVerified: true });
    for (const other of ['9007199254740993', '1e400', '6789012345'].map((part) =>
      text.replace(part, `${part}1`),
    ))
      expect(readContent(Buffer.from(other), checksum).kind).toBe('damaged');
  });

  it('has the canonical JSON of RFC 8785 for what doubles hold, however it is spelled', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(canonicalJson(value as JsonValue)).toBe(canonicalize(value));
      }),
    );
    expect(canonicalJson(parseJson('{"b":1.0,"a":[1E5,-0.0,0.10]}'))).toBe('{"a":[100000,0,0.1],"b":1}');
    expect(canonicalJson(parseJson('[1e400,10.0e399,12345678901234567890]'))).toBe(
      '[1e400,1e400,12345678901234567890]',
    );
  });
});

describe('a delta between exact numbers', () => {
  const steps: [string, string][] = [
    ['{"id":9007199254740993}', '{"id":9007199254740992}'],
    ['{"id":9007199254740992}', '{"id":9007199254740993}'],
    ['{"x":1}', '{"x":1.0}'],
    ['[1.0,{"a":1e400}]', '[1.0,{"a":1e401,"b":[-0.0]},1.0]'],
    ['{"a":{"text":"1.0"}}', '{"a":1.0,"b":{"text":"1.0"}}'],
    ['{"a":[1,2,3]}', '{"a":[1,12345678901234567890,3,{"b":1.0}]}'],
  ];

  it.each(steps)('leads from %s to %s, to the character', (from, to) => {
    const delta = createDelta(parseJson(from), parseJson(to));
    expect(delta).toBeDefined();
    expect(jsonText(applyDelta(parseJson(from), delta!))).toBe(to);
  });

  it('carries them through copies and tests of other writers', () => {
    const delta =
      '[{"op":"test","path":"/a","value":9007199254740993},{"op":"copy","from":"/a","path":"/b"},{"op":"copy","from":"/l","path":"/m"}]';
    const before = parseJson('{"a":9007199254740993,"l":[1.0]}');
    expect(jsonText(applyDelta(before, delta))).toBe(
      '{"a":9007199254740993,"l":[1.0],"b":9007199254740993,"m":[1.0]}',
    );
    expect(() => applyDelta(parseJson('{"a":9007199254740992}'), delta)).toThrow('a patch that fits');
  });
});
