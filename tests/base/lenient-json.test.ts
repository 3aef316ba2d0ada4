import { describe, expect, it } from 'vitest';
import { parseLenientJson } from '../../collector/base/lenient-json.ts';

describe('parseLenientJson', () => {
  it('keeps NaN and the infinities as texts, and leaves texts alone that hold such words', () => {
    const parsed = parseLenientJson('{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \\" Infinity \\\\"}');
    expect(parsed).toMatchObject({
      ok: true,
      value: { a: 'NaN', b: ['-Infinity', 'Infinity'], c: 'NaN " Infinity \\' },
      repaired: expect.stringContaining('NaN'),
    });
    expect(parseLenientJson('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 }, repaired: undefined });
  });

  it('answers for a broken text of ten megabytes too', () => {
    const long = parseLenientJson(`["${'x'.repeat(10_000_000)}",NaN]`);
    expect(long.ok).toBe(true);
    expect(parseLenientJson(`NaN"${'x'.repeat(10_000_000)}`)).toMatchObject({ ok: false, tooDeep: false });
  });

  it('takes time in proportion to the text, whatever it holds', () => {
    const began = performance.now();
    expect(parseLenientJson(`NaN${'\\"'.repeat(500_000)}`).ok).toBe(false);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('refuses what is nested too deep, also behind a NaN', () => {
    const deep = (inner: string) => `${'['.repeat(2000)}${inner}${']'.repeat(2000)}`;
    for (const text of [deep(''), deep('NaN')]) {
      expect(parseLenientJson(text)).toEqual({
        ok: false,
        tooDeep: true,
        reason: 'nested deeper than 500 levels',
      });
    }
  });
});
