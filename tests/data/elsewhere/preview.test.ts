import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Canvas, lineWidth } from '../../../src/data/elsewhere/preview/canvas.ts';
import { lettersOf } from '../../../src/data/elsewhere/preview/letters.ts';
import { pngOf } from '../../../src/data/elsewhere/preview/png.ts';
import { drawPreview, previewOf } from '../../../src/data/elsewhere/preview/preview.ts';
import { builtAtUs } from '../sample-action.ts';
import { sampleBook } from '../sample-book.ts';

describe('the picture of a site', () => {
  it.each(['empty', 'tiny', 'typical', 'hostile', 'silent', 'experiments'] as const)(
    'is a PNG of 1200 by 630: %s',
    (name) => {
      const { width, height, pixels } = decoded(drawPreview(previewOf(sampleBook(name))));
      expect([width, height]).toEqual([1200, 630]);
      const inks = new Set<string>();
      for (let at = 0; at < pixels.length; at += 3 * 97) inks.add(pixels.subarray(at, at + 3).join());
      expect(inks.size).toBeGreaterThan(5);
    },
  );

  it('shows what it counted, and changes only with that', () => {
    const book = sampleBook('typical');
    const shown = previewOf(book);
    expect(shown).toMatchObject({ title: 'acme/atlas', state: 'operational, 2026-11-20' });
    expect(Math.max(...shown.days.map(({ tall }) => tall))).toBe(140);
    const many = { ...book, actions: { ...book.actions, total: 930_951 } };
    expect(previewOf(many).figures[0]).toEqual({ value: '931 k', label: 'actions' });
    expect(previewOf({ ...book, builtAtUs: builtAtUs + 60e6 })).toEqual(shown);
    expect(drawPreview(shown)).toEqual(drawPreview(previewOf(book)));
  });

  it('is drawn without a title whose letters are not known, and with one that is long or marked', () => {
    const shown = previewOf(sampleBook('tiny'));
    for (const title of ['日本語のプロジェクト', 'größe/naïve', 'x'.repeat(400)])
      expect(decoded(drawPreview({ ...shown, title })).width).toBe(1200);
    expect(lettersOf('日')).toBeUndefined();
    expect(lettersOf('größe')).toHaveLength(6);
  });
});

describe('the canvas', () => {
  it('has the letters of ASCII but brackets that no text of ours has', () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
    expect(ascii.filter((one) => lettersOf(one) === undefined)).toEqual(['$', '^', '`', '{', '}', '~']);
  });

  it('puts ink where a stroke is and nowhere else', () => {
    const canvas = new Canvas(40, 40, '#ffffff');
    expect(canvas.text('l', 10, 30, { size: 20, color: '#000000', weight: 2 })).toBe(true);
    const dark = [...Array(1600).keys()].filter((at) => canvas.pixels[at * 3]! < 128).map((at) => at % 40);
    expect(dark.length).toBeGreaterThan(20);
    expect(Math.max(...dark) - Math.min(...dark)).toBeLessThanOrEqual(2);
    expect(lineWidth('ll', 20)).toBe(2 + 5 + 2);
  });

  it('fills fields to parts of a pixel', () => {
    const canvas = new Canvas(4, 1, '#000000');
    canvas.field(0.5, 0, 2, 1, '#ffffff');
    expect([0, 1, 2, 3].map((x) => canvas.pixels[x * 3])).toEqual([128, 255, 128, 0]);
    expect([...decoded(pngOf(canvas)).pixels]).toEqual([...canvas.pixels]);
  });
});

/** Reads a PNG as its standard says, as far as ours go: one chunk of data, rows without filters. */
function decoded(png: Uint8Array): { width: number; height: number; pixels: Buffer } {
  const bytes = Buffer.from(png);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const size = bytes.readUInt32BE(33);
  expect(bytes.subarray(37, 41).toString()).toBe('IDAT');
  const rows = inflateSync(bytes.subarray(41, 41 + size));
  expect(rows.length).toBe((width * 3 + 1) * height);
  const pixels = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1)),
    ),
  );
  return { width, height, pixels };
}
