import { describe, expect, it } from 'vitest';
import { parseLenientJson } from '../../../collector/base/json/lenient.ts';

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

  it.each([
    ['nan -nan +nan NAN NaN -NaN nan(0x7ff8) -nan(ind) 1.#QNAN -1.#IND', 'NaN'],
    ['inf INF Inf +inf infinity INFINITY +Infinity 1.#INF 1.#INF00', 'Infinity'],
    ['-inf -INF -Inf -infinity -Infinity -1.#INF', '-Infinity'],
  ])('reads %s as other languages mean it', (written, meant) => {
    for (const word of written.split(' ')) {
      const parsed = parseLenientJson(`{"a":${word},"inf":[ ${word} ,1],"b":"${word}"}`);
      expect(parsed).toMatchObject({ ok: true, value: { a: meant, inf: [meant, 1], b: word } });
    }
  });

  it.each(['infant', 'nan1', '1inf', 'nan(', '1.#INFO', '--inf', 'e-inf', 'nanny', '"a"nan', 'inf.5'])(
    'takes %s for no number',
    (word) => {
      expect(parseLenientJson(`{"a":${word}}`).ok).toBe(false);
    },
  );

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
