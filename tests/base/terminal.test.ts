import { describe, expect, it } from 'vitest';
import {
  ellipsis,
  textWidth,
  visibleBlock,
  visibleJson,
  visibleText,
} from '../../collector/base/terminal.ts';

describe('visibleText', () => {
  it.each([
    ['plain text, ünïcode and 日本語', 'plain text, ünïcode and 日本語'],
    ['\u001b[2Jgone', '\\e[2Jgone'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u009b31m', '\\u009b31m'],
    ['abc\u202edef', 'abc\\u202edef'],
    ['\u200b\ufeff\u2066', '\\u200b\\ufeff\\u2066'],
    ['half \ud83d', 'half \\ud83d'],
    ['whole 😀', 'whole 😀'],
  ])('%j', (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });
});

describe('visibleBlock', () => {
  it('keeps line breaks only', () => {
    expect(visibleBlock('a\r\n\tb\u001b]0;x\u0007')).toBe('a\n  b\\e]0;x\\u0007');
  });
});

describe('visibleJson', () => {
  it('is safe to print and parses to the same value', () => {
    const value = { '\u001b[31m': 'a\u202eb\u0085', list: ['\n', '\ud800'], n: 1 };
    const text = visibleJson(value);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(text)).toEqual(value);
    expect(visibleJson(value, 0)).not.toContain('\n');
  });
});

describe('width', () => {
  it('counts columns, not characters', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('😀')).toBe(2);
  });

  it('cuts with an ellipsis and never beyond the width', () => {
    expect(ellipsis('abcdef', 6)).toBe('abcdef');
    expect(ellipsis('abcdefg', 6)).toBe('abcde…');
    expect(textWidth(ellipsis('日本語日本語', 6))).toBeLessThanOrEqual(6);
  });

  it('is that of every character by the tables of Unicode', () => {
    const wide =
      /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/;
    const wrong: string[] = [];
    for (let code = 0; code < 0xd800; code++) {
      const character = String.fromCharCode(code);
      const expected = /\p{Mn}|\p{Me}/u.test(character)
        ? code < 0x300
          ? 1
          : 0
        : wide.test(character)
          ? 2
          : 1;
      if (textWidth(`${character}\u2fff`) !== expected + 2) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});
