import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../collector/base/json/exact-number.ts';
import { parseLenientJson } from '../../../collector/base/json/lenient.ts';
import { toJson } from '../../../collector/base/json/strict.ts';
import { jsonText } from '../../../collector/base/json/text.ts';
import { jsonValue } from '../../json-values.ts';

describe('toJson', () => {
  it('keeps plain JSON as it is', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(toJson(value)).toBe(value);
      }),
    );
  });

  it('keeps what JSON would lose, as text', () => {
    expect(
      toJson({
        a: Number.NaN,
        b: [Number.NEGATIVE_INFINITY],
        c: undefined,
        d: new Date(0),
        e: new Map([['k', 1]]),
      }),
    ).toEqual({
      a: 'NaN',
      b: ['-Infinity'],
      d: '1970-01-01T00:00:00.000Z',
      e: { k: 1 },
    });
  });

  it('keeps the digits of bigints, of what JSON.rawJSON made, and the sign of zero', () => {
    const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
    const given = { a: 9007199254740993n, b: [5n, -0], c: rawJSON('1.0'), d: new ExactNumber('1e400') };
    expect(jsonText(toJson(given))).toBe('{"a":9007199254740993,"b":[5,-0.0],"c":1.0,"d":1e400}');
    const exact = { deep: [new ExactNumber('1.0')] };
    expect(toJson(exact)).toBe(exact);
  });

  it('refuses what JSON cannot hold, and says where', () => {
    expect(() => toJson({ a: [Symbol('x')] })).toThrow('details.a[0] is a symbol, which JSON cannot hold.');
    const ring: Record<string, unknown> = {};
    ring['again'] = ring;
    expect(() => toJson(ring)).toThrow(/nested deeper than 500 levels/);
  });
});

describe('parseLenientJson', () => {
  it('turns the NaN of other languages into text, but not inside texts', () => {
    expect(parseLenientJson('{"a": NaN, "b": -Infinity, "c": "NaN Infinity"}')).toEqual({
      ok: true,
      value: { a: 'NaN', b: '-Infinity', c: 'NaN Infinity' },
      repaired: 'NaN or Infinity, which JSON does not have',
    });
  });

  it('drops a byte order mark and refuses the rest with the reason', () => {
    expect(parseLenientJson('\ufeff{"a":1}')).toMatchObject({
      ok: true,
      value: { a: 1 },
      repaired: undefined,
    });
    expect(parseLenientJson('{"a":')).toMatchObject({ ok: false });
  });
});
