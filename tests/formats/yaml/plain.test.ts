import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExactNumber, isExactNumber, isHeldByDouble } from '../../../collector/base/json/exact-number.ts';
import { isObject, type JsonValue } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { notationOf } from '../../../collector/formats/yaml/cursor.ts';
import { readPlainYaml } from '../../../collector/formats/yaml/plain.ts';

const value = (text: string, byHand = false) => {
  const read = readPlainYaml(text, byHand);
  expect(read.troubles).toEqual([]);
  return parseJson(jsonText(read.value));
};

/** As the golden file has it: whole numbers beyond 2^53 as the text of their digits, others as doubles. */
function asRead(one: JsonValue): unknown {
  if (isExactNumber(one)) return isHeldByDouble(one) ? asRead(one.valueOf()) : one.text;
  if (typeof one === 'number' && Number.isInteger(one) && !Number.isSafeInteger(one))
    return BigInt(one).toString();
  if (Array.isArray(one)) return one.map(asRead);
  // The reader takes -0 for 0 and remembers how it was written.
  if (!isObject(one)) return one === 0 ? 0 : one;
  return Object.fromEntries(Object.entries(one).map(([key, member]) => [key, asRead(member)]));
}

describe('readPlainYaml', () => {
  it('reads what PyYAML wrote in all its styles as PyYAML does', () => {
    const golden = new URL('../../fixtures/yaml/pyyaml.json', import.meta.url);
    const cases = parseJson(readFileSync(golden, 'utf8')) as unknown as { text: string; value: JsonValue }[];
    expect(cases.length).toBeGreaterThan(100);
    for (const each of cases) {
      expect(asRead(value(each.text))).toEqual(asRead(each.value));
    }
  });

  it.each<[string, JsonValue]>([
    ['yes', true],
    ['Off', false],
    ['~', null],
    ['0755', 493],
    ['0o17', '0o17'],
    ['0x1F', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['1:30', 90],
    ['1e5', '1e5'],
    ['1.0e+5', 100000],
    ['-.5', '-.5'],
    ['.5', 0.5],
    ['-0', 0],
    ['9007199254740993', new ExactNumber('9007199254740993')],
    ['-0x20000000000001', new ExactNumber('-9007199254740993')],
    ['1.0e+400', new ExactNumber('1.0e+400')],
    ['0.1234567890123456789012345', new ExactNumber('0.1234567890123456789012345')],
    ['-.inf', '-Infinity'],
    ['.NaN', 'NaN'],
    ['2025-01-01', '2025-01-01'],
    ['12:', { '12': null }],
    ["'yes'", 'yes'],
    ['"\\x41\\u00e9\\U0001F600\\n"', 'Aé😀\n'],
    ['a # comment', 'a'],
    ['a#b', 'a#b'],
    ["'a'# comment", 'a'],
    ['[1]# comment', [1]],
    ['http://x/y?z=1', 'http://x/y?z=1'],
    ['C:\\Users\\a', 'C:\\Users\\a'],
  ])('reads %j as PyYAML does', (text, expected) => {
    expect(value(`${text}\n`)).toEqual(expected);
  });

  it.each<[string, JsonValue]>([
    ['a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n', { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } }],
    ['a: &a {x: 1}\nb: {y: 3, <<: *a}\n', { a: { x: 1 }, b: { x: 1, y: 3 } }],
    ['<<: [{x: 1}, {x: 2, z: 0}]\ny: 1\n', { x: 1, z: 0, y: 1 }],
    ['<<:\n- x: 1\n- x: 2\nx: 5\n', { x: 5 }],
    ['\'<<\': {x: 1}\nb: {"<<": 2}\n', { '<<': { x: 1 }, b: { '<<': 2 } }],
    ['<<: {__proto__: {x: 1}}\n', JSON.parse('{"__proto__": {"x": 1}}')],
  ])('takes other maps in as PyYAML does: %j', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it('keeps the notation of numbers that are taken in, and says where there is no map', () => {
    const { value: read } = readPlainYaml('a: &a {x: 12345678901234567890123}\nb:\n  <<: *a\n');
    expect(notationOf((read as { b: object }).b, 'x')).toBe('12345678901234567890123');
    const { value: rest, troubles } = readPlainYaml('a: 1\n<<: 5\nb: 2\n');
    expect(rest).toMatchObject({ a: 1, b: 2 });
    expect(troubles).toMatchObject([{ kind: 'broken', message: 'something else than a map behind "<<"' }]);
  });

  it('reads what people write: comments, indented lists, several lines, anchors, and 1e-3 as a number', () => {
    const text = `%YAML 1.1
---
# comment
lr: 1e-3   # rate
list:
    - a
    -   b: 1
        c: [1, 2,
            "x, y"]   # end
    - - deep
base: &base {x: 1}
copy: *base
long: one
  two

  three
block: |
  # no comment
    kept
  end
folded: >-
  one
  two

  three
empty:
...
`;
    expect(value(text, true)).toEqual({
      lr: 0.001,
      list: ['a', { b: 1, c: [1, 2, 'x, y'] }, ['deep']],
      base: { x: 1 },
      copy: { x: 1 },
      long: 'one two\nthree',
      block: '# no comment\n  kept\nend\n',
      folded: 'one two\nthree',
      empty: null,
    });
  });

  it.each([
    ['a: 1\n b: 2\n', 2],
    ['a: b: c\n', 1],
    ['a: [1, 2\n', 2],
    ['a: {b: 1]\n', 1],
    ['a: "x" y\n', 1],
    ['a: *nope\n', 1],
    ['a: @x\n', 1],
    ['- a\nb: 1\n', 2],
    ['a: 1\n- b\n', 2],
    ['a: 1\n---\nb: 2\n', 2],
    ['a: "\\q"\n', 1],
    ['key without colon\nb: 1\n', 2],
  ])('says where %j is broken', (text, line) => {
    expect(readPlainYaml(text).troubles).toMatchObject([{ line }]);
  });

  it('lists the first troubles and counts the others', () => {
    const { troubles } = readPlainYaml(`${'a: 1\n'.repeat(50)}`);
    expect(troubles).toHaveLength(21);
    expect(troubles.at(-1)?.message).toBe('29 more of this kind');
  });
});
