import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawBadge } from '../../src/data/elsewhere/badges/draw.ts';
import { textWidth } from '../../src/data/elsewhere/badges/text-width.ts';
import { startBrowser } from './site.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage();
});

afterAll(() => browser.close());

const texts = [
  'last deployment',
  'operational, 2026-11-20',
  'completed, 2026-11-20 16:18 UTC',
  'The quick brown fox jumps over the lazy dog 0123456789',
  'WAVE iiii llll mmmm @@ %% #tag (a/b) [c] _d_ "e"',
  'größer: naïve façade, 0.934 ±0.01',
  'Сборка завершена',
  'κατάσταση',
];

it('texts of badges are as wide as a browser makes them', async () => {
  await page.setContent(
    '<svg xmlns="http://www.w3.org/2000/svg"><text font-family="DejaVu Sans, Verdana" font-size="11"></text></svg>',
  );
  for (const text of texts) {
    const drawn = await page.evaluate((given) => {
      const element = document.querySelector('text')!;
      element.textContent = given;
      return element.getComputedTextLength();
    }, text);
    expect(Math.abs(textWidth(text, 11) / drawn - 1), `${text}: ${drawn} px`).toBeLessThan(0.06);
  }
});

it('a badge keeps its texts within its fields, in whatever font', async () => {
  const svg = drawBadge({
    name: 'x',
    label: 'last deployment',
    message: 'completed, 2026-11-20 16:18 UTC',
    tone: 'good',
    about: '',
  });
  for (const font of ['monospace', 'serif', 'DejaVu Sans']) {
    await page.setContent(svg.replace(/font-family="[^"]*"/, `font-family="${font}"`));
    const boxes = await page.evaluate(() =>
      [...document.querySelectorAll('path,text')]
        .map((each) => (each as SVGGraphicsElement).getBBox())
        .map(({ x, width }) => [x, x + width]),
    );
    const [left, right, label, message] = boxes as [number, number][];
    for (const [field, text] of [
      [left!, label!],
      [right!, message!],
    ] as const) {
      expect(text[0], font).toBeGreaterThan(field[0] + 3);
      expect(text[1], font).toBeLessThan(field[1] - 3);
    }
  }
});
