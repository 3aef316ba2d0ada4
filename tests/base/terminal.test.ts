import stringWidth from 'string-width';
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

  it.each([
    ['⭐ best', 7],
    ['✅❌⚡', 6],
    ['☰', 2],
    ['✓ ● ▸ → —', 9],
    ['ー〈〉', 6],
    ['🏋', 1],
    ['한국어', 6],
    ['กำ', 2],
  ])('of %s is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is that of string-width for every character that stands alone', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code < 0x20000; code += isIdeograph(code) ? 61 : 1) {
      const character = String.fromCodePoint(code);
      if (isEscaped.test(character) || isKeptApart.test(character)) continue;
      if (textWidth(character) !== stringWidth(character)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});

/** What is never printed, because `visibleText` shows it as an escape; or stands for no character. */
const isEscaped =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}\p{Cn}\p{Co}]/u;

/** Long stretches of the same kind, of which some are enough. */
const isIdeograph = (code: number) =>
  (code >= 0x3400 && code < 0xd7a0) || (code >= 0x17000 && code < 0x18d00);

/** Letters of the West count one column, without looking. */
const isKeptApart = /[\u0020-\u02ff]/;
