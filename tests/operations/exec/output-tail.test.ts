import { describe, expect, it } from 'vitest';
import { createOutputTail } from '../../../collector/operations/exec/output-tail.ts';

function tailOf(chunks: (string | Uint8Array)[], ...bounds: number[]): string[] {
  const tail = createOutputTail(...bounds);
  for (const chunk of chunks) tail.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return tail.lines();
}

describe('createOutputTail', () => {
  it.each<[string, string[], string[]]>([
    ['nothing', [], []],
    ['lines in pieces', ['a', 'b\nc', '\n'], ['ab', 'c']],
    ['a last line without a line break', ['a\nb'], ['a', 'b']],
    ['what a redrawn line showed last', ['10 %\r50 %\r100 %\ndone\r\n'], ['100 %', 'done']],
    [
      'text without colours, titles and cursor movements',
      ['\u001b[1;31mred\u001b[0m\u001b]0;title\u0007 \u001b[2Kx\n'],
      ['red x'],
    ],
    ['no empty lines at the end', ['a\n\n\n'], ['a']],
  ])('keeps %s', (_, chunks, expected) => {
    expect(tailOf(chunks)).toEqual(expected);
  });

  it('keeps characters whole that are split over chunks', () => {
    const bytes = Buffer.from('日本\n');
    expect(tailOf([bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)])).toEqual(['日本']);
  });

  it('is bounded in lines and in bytes', () => {
    expect(tailOf([Array.from({ length: 100 }, (_, index) => `${index}\n`).join('')], 3)).toEqual([
      '97',
      '98',
      '99',
    ]);
    const long = tailOf(Array.from({ length: 1000 }, () => `${'x'.repeat(900)}\n`));
    expect(long).toHaveLength(4);
    const one = tailOf(['y'.repeat(1_000_000)]);
    expect(one).toHaveLength(1);
    expect(Buffer.byteLength(one[0]!)).toBeLessThanOrEqual(4096);
  });

  it('begins with the line that begins a private key wherever in it or behind it the cut falls', () => {
    const begin = `-----BEGIN ${'PRIVATE'} KEY-----`;
    const body = Array.from({ length: 4 }, (_, at) => `key${at}`).join('\n');
    // 4 times 40 bytes are kept of what passes.
    for (let ahead = 60; ahead < 160; ahead++) {
      const text = `${'x'.repeat(ahead)}\n${begin}\n${'k'.repeat(100)}\n${body}\n`;
      const lines = tailOf([text.slice(0, 90), text.slice(90)], 3, 40);
      expect(lines[0], String(ahead)).toBe(begin);
    }
    expect(tailOf([`${begin}\nkey\n-----END ${'PRIVATE'} KEY-----\n`, 'a\nb\nc\n'], 2, 40)).toEqual([
      'b',
      'c',
    ]);
  });
});
