import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashText, paramHashOf } from '../../../collector/formats/ledger/param-hash.ts';
import { formatFloat } from '../../../collector/formats/python/json.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/ledger');
const hashIn = (name: string) =>
  /"param_hash": "(\w+)"/.exec(readFileSync(join(fixtures, name), 'utf8'))?.[1];

describe('paramHashOf', () => {
  it('is what the original wrote for the same parameters', () => {
    expect(paramHashOf({ seed: 7 })).toBe(hashIn('seed-7.json'));
    expect(paramHashOf({ lr: 0.1 })).toBe(hashIn('lr-0.1.json'));
  });

  // Made by Python 3.11 of json.loads of these texts.
  it.each([
    ['{"lr":0.1,"seed":7}', '4372800439ed37984951906fa2739ecbc2b77d005a5bf5d51db177ff4b296603'],
    [
      '{"opt":{"name":"adam","lr":1e-05},"x":1.0,"y":1,"z":true,"n":null}',
      '685f136aa5d9b5c7d57ecf3e0020aa83f5bbc80215c80472835ef63f99a8bc56',
    ],
    [
      '{"é":"ü😀\\u007f","b":[1,2.5,{"k":1e16}],"a":{"b":{}}}',
      '201473144a4648f456187991edbea25d1ece1cbb2b8a08b7c4544100a6d803ad',
    ],
    [
      '{"😀":1,"\uffee":2,"a.b":3,"a":{"b":4}}',
      'b54686afda62f7d76f710f409238e7328ac0cc36ac14ee1b27361126c1731e74',
    ],
    [
      '{"big":123456789012345678901234567890,"neg":-0.0,"e":1e300,"s":1e-300,"m":123456789.125}',
      '6088e9e5903855954faa13fa012c183b53dfa556c42d5f4389cced356175b103',
    ],
  ])('reads %s as Python does', (text, hash) => {
    expect(paramHashOf(text)).toBe(hash);
  });

  it('takes whole JavaScript numbers for ints, so that floats such as 1.0 need a JSON text', () => {
    expect(paramHashOf({ x: 1.0 })).toBe(paramHashOf('{"x": 1}'));
    expect(paramHashOf({ x: 1.0 })).not.toBe(paramHashOf('{"x": 1.0}'));
    expect(paramHashOf({ x: 12345678901234567890n })).toBe(paramHashOf('{"x": 12345678901234567890}'));
  });

  it('depends neither on the order of names nor on how a name is written', () => {
    expect(paramHashOf({ b: 1, a: { c: 2 } })).toBe(paramHashOf('{"a": {"c": 2}, "b": 1}'));
    expect(paramHashOf({ 'a.c': 2 })).not.toBe(paramHashOf({ a: { c: 2 } }));
    expect(paramHashOf(JSON.parse('{"__proto__": 1}'))).toBe(paramHashOf('{"__proto__": 1}'));
  });

  it('has none for no parameters, and refuses what is no object', () => {
    expect(paramHashOf({})).toBeNull();
    expect(() => paramHashOf('[1]')).toThrow('Expected parameters as an object');
    expect(() => paramHashOf('lr=1')).toThrow('no JSON');
    expect(() => paramHashOf({ f: () => 1 })).toThrow('params.f is a function');
  });
});

describe('hashText', () => {
  it('accepts the integers of old ledgers', () => {
    expect([hashText(12345), hashText(-9007199254740993n), hashText('ab'), hashText(null)]).toEqual([
      '12345',
      '-9007199254740993',
      'ab',
      null,
    ]);
  });
});

describe('formatFloat', () => {
  it.each([
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e300, '1.5e+300'],
    [123456789012345680, '1.2345678901234568e+17'],
    [5e-324, '5e-324'],
    [100, '100.0'],
    [-2.5e-7, '-2.5e-07'],
    [-0, '-0.0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('writes %d as Python does', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });
});
