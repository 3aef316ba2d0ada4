import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../collector/base/json/exact-number.ts';
import { jsonText } from '../../../collector/base/json/text.ts';
import { parseDetails, parseDetailsText } from '../../../collector/operations/actions/parse-details.ts';

describe('parseDetails', () => {
  it.each<[string[], unknown]>([
    [[], {}],
    [['{"a": 1}'], { a: 1 }],
    [['[1, 2]'], [1, 2]],
    [['"text"'], { description: 'text' }],
    [['moved', 'the', 'host'], { description: 'moved the host' }],
    [['123'], { description: '123' }],
    [['ratio a=b holds'], { description: 'ratio a=b holds' }],
    [['target=production', 'version=1.2.0'], { target: 'production', version: '1.2.0' }],
    [
      ['n=12', 'f=-1.5e3', 'zero=0', 'padded=007'],
      { n: 12, f: new ExactNumber('-1.5e3'), zero: 0, padded: '007' },
    ],
    [['yes=true', 'no=false', 'none=null'], { yes: true, no: false, none: null }],
    [['v="1.20"', "w='true'", 'empty='], { v: '1.20', w: 'true', empty: '' }],
    [['tags=["a","b"]', 'o={"x":1}'], { tags: ['a', 'b'], o: { x: 1 } }],
    [['build.seconds=12', 'build.host.name=ci'], { build: { seconds: 12, host: { name: 'ci' } } }],
    [['file\\.txt=1', 'a.b\\.c=2'], { 'file.txt': 1, a: { 'b.c': 2 } }],
    [['message=two words, one = sign'], { message: 'two words, one = sign' }],
  ])('%j', (words, expected) => {
    expect(parseDetails(words)).toEqual(expected);
  });

  it('keeps the characters of numbers, and as text what is larger than any', () => {
    const words = ['id=12345678901234567890', 'a=1.0', 'b=-0.0', 'o={"x":[9007199254740993]}', 'huge=1e999'];
    expect(jsonText(parseDetails(words))).toBe(
      '{"id":12345678901234567890,"a":1.0,"b":-0.0,"o":{"x":[9007199254740993]},"huge":"1e999"}',
    );
    expect(jsonText(parseDetailsText('{"ids":[12345678901234567890,1E5]}', 'x'))).toBe(
      '{"ids":[12345678901234567890,1E5]}',
    );
  });

  it('records prototype keys like any other and changes no prototype', () => {
    const details = parseDetails(['__proto__.polluted=1', 'constructor=2']);
    expect(JSON.stringify(details)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    [['a=1', 'quickly']],
    [['a=1', 'a=2']],
    [['a=1', 'a.b=2']],
    [['a={"x": }']],
    [['{"target": "production",}']],
    [['{"a": 01}']],
    [['["a" "b"]']],
    [['{"text": "never closed}']],
    [['{"a": 1} and more']],
    [["{'a': 1}"]],
    [['{\n  "a": 1\n  "b": 2\n}']],
  ])('says what is wrong with %j', (words) => {
    expect(() => parseDetails(words)).toThrowErrorMatchingSnapshot();
  });

  it('reads whole texts, with byte order mark and line breaks', () => {
    expect(parseDetailsText('\ufeff{"a": 1}\n', 'standard input')).toEqual({ a: 1 });
    expect(parseDetailsText('first\nsecond\n', 'standard input')).toEqual({ description: 'first\nsecond' });
    expect(parseDetailsText('  \n', 'standard input')).toEqual({});
  });
});
