import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeBetween,
  ExactNumber,
  exactNumber,
  isExactNumber,
  isHeldByDouble,
  isSameNumber,
  numberIn,
  numberKey,
} from '../../../collector/base/json/exact-number.ts';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { holdsExactNumbers, jsonText, parseJson, parsePlainJson } from '../../../collector/base/json/text.ts';

/** A number as JSON may spell it, however long. */
const spelled = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?$/);

/** JSON texts on one line; every object has each of its names once, and no name that is a number. */
const { text: jsonTexts } = fc.letrec<{ text: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    spelled,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null', '"1.0"', '"a: 1.0,\\"[2.0]"', '"\\\\"', '{}', '[]'),
  ),
  text: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('text'), { maxLength: 5 }).map((all) => `[${all.join(',')}]`),
    fc
      .uniqueArray(
        fc.tuple(
          fc.string().map((name) => `n${name}`),
          tie('text'),
        ),
        {
          selector: ([name]) => name,
          maxLength: 5,
        },
      )
      .map((all) => `{${all.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
}));

/** What JavaScript makes of the same text. */
function rounded(value: JsonValue): unknown {
  if (isExactNumber(value)) return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

describe('parseJson and jsonText', () => {
  it('give every text back as it was, and count with it as JSON.parse does', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        const value = parseJson(text);
        expect(jsonText(value)).toBe(text);
        expect(rounded(value)).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '9007199254740993',
    '-12345678901234567890',
    '1e400',
    '0.1234567890123456789012345',
    '1.0',
    '-0.0',
    '-0',
    '1E5',
    '1e5',
    '0.10',
    '1e-7',
    '0.0000001',
  ])('keep %s wherever it stands', (number) => {
    for (const text of [number, `[${number}]`, `{"a":${number}}`, `{"a":[[{"b":${number},"c":"x"}]]}`])
      expect(jsonText(parseJson(text))).toBe(text);
    expect(jsonText(parseJson(` { "a" : ${number}\n} `))).toBe(`{"a":${number}}`);
    expect(jsonText(parseJson(`[\n  ${number}\n]`), 2)).toBe(`[\n  ${number}\n]`);
  });

  it('leave what JavaScript gives back as it is', () => {
    const text = '{"a":[0,1,-7,0.1,-2.5,1e-7,1e+21,9007199254740992,0.30000000000000004,123456789012345]}';
    expect(holdsExactNumbers(text)).toBe(false);
    expect(parseJson(text)).toEqual(JSON.parse(text));
    // Times and words in texts are not numbers.
    expect(holdsExactNumbers('{"at":"2026-01-31T12:00:05.10Z","v":"1.0, 2.0"}')).toBe(false);
  });

  it('keep a member called __proto__, the last of members with one name, and refuse what is no JSON', () => {
    expect(jsonText(parseJson('{"__proto__":1.0,"a":{"__proto__":{"b":2.0}}}'))).toBe(
      '{"__proto__":1.0,"a":{"__proto__":{"b":2.0}}}',
    );
    expect(jsonText(parseJson('{"a":1.0,"b":0,"a":2.0}'))).toBe('{"a":2.0,"b":0}');
    for (const text of ['', '1.', '01', '[1.0', '{"a":1.0,}', '1.0 2.0', 'NaN', '"\n"', '[1.0]]'])
      expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('exhaust no stack', () => {
    const deep = `${'['.repeat(100_000)}1.0${']'.repeat(100_000)}`;
    let value = parseJson(deep);
    for (let depth = 0; depth < 100_000; depth++) value = (value as JsonValue[])[0]!;
    expect(value).toEqual(new ExactNumber('1.0'));
  });

  it('say nothing of exact numbers where they are only counted', () => {
    expect(parsePlainJson('[1.0,9007199254740993]')).toEqual([1, 9007199254740992]);
  });
});

describe('ExactNumber', () => {
  it('counts as its nearest double and prints as it was written', () => {
    const [one, big] = [new ExactNumber('1.0'), new ExactNumber('9007199254740993')];
    expect(`${one} ${String(big)}`).toBe('1.0 9007199254740993');
    expect(Number(big) - Number(one)).toBe(9007199254740991);
    expect([numberIn(one), numberIn(2), numberIn('2'), numberIn({ text: '1' })]).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify({ one, list: [big] })).toBe('{"one":1.0,"list":[9007199254740993]}');
    expect([exactNumber('5'), exactNumber('5.0')]).toEqual([5, new ExactNumber('5.0')]);
  });

  it('is one number in every spelling, and another one with another digit', () => {
    expect(isSameNumber(new ExactNumber('1.0'), 1)).toBe(true);
    expect(isSameNumber(new ExactNumber('1E2'), new ExactNumber('100.0'))).toBe(true);
    expect(isSameNumber(new ExactNumber('9007199254740993'), 9007199254740992)).toBe(false);
    expect(isSameNumber(new ExactNumber('1e400'), new ExactNumber('1e401'))).toBe(false);
    expect(isSameNumber(new ExactNumber('-0.0'), 0)).toBe(false);
    expect(isSameNumber(new ExactNumber('0.0'), 0)).toBe(true);
    expect(isHeldByDouble(new ExactNumber('2.50'))).toBe(true);
    expect(isHeldByDouble(new ExactNumber('0.1234567890123456789012345'))).toBe(false);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(5), (value, zeros) => {
        const [mantissa, power] = value.toExponential().split('e') as [string, string];
        const longer = `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}${'0'.repeat(zeros)}E${power}`;
        if (value !== 0) expect(numberKey(new ExactNumber(longer))).toBe(numberKey(value));
      }),
    );
  });

  it('says how much it changed where doubles would say nothing', () => {
    expect(changeBetween(9007199254740992, new ExactNumber('9007199254740993'))).toBe(1);
    expect(changeBetween(new ExactNumber('1.0'), new ExactNumber('2.50'))).toBe(1.5);
    expect(
      changeBetween(new ExactNumber('-12345678901234567891'), new ExactNumber('-12345678901234567890')),
    ).toBe(1);
    expect(changeBetween(5, 3)).toBe(-2);
    expect(changeBetween(new ExactNumber('1e5000'), 1)).toBe(Number.NEGATIVE_INFINITY);
  });
});
