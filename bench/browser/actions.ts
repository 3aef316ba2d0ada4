import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';
import { serveStatic } from '../../tests/browser/static-server.ts';
import { ms, type Row } from '../report.ts';
import { type Cost, watched } from './watch.ts';

const mib = (value: number) => `${value.toFixed(0)} MiB`;

/** The page of actions of a built site in a browser, from disk and over http: until it is of use, filtered, and searched. */
export async function benchActionsPage(site: string): Promise<Row[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) return [];
  const server = await serveStatic(site, true);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    // A browser that has just begun still readies pages of its own.
    await (await browser.newPage()).waitForTimeout(3000);
    const disk = await visit(browser, 'disk', pathToFileURL(join(site, 'actions.html')).href);
    return [...disk, ...(await visit(browser, 'http', `${server.address}actions.html`))];
  } finally {
    await browser.close();
    await server.close();
  }
}

async function visit(browser: Browser, way: string, address: string): Promise<Row[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const rows: Row[] = [];
  const cost = (what: string, { longestMs, longestCpuMs, cpuMs, peakMiB }: Cost) =>
    rows.push(
      { what: `${way}: computed, ${what}`, ours: ms(cpuMs), peer: '', ratio: Number.NaN },
      limited(`${way}: longest task, ${what} (clock ${ms(longestMs)})`, ms(longestCpuMs), 50, longestCpuMs),
      limited(`${way}: most memory, ${what}`, mib(peakMiB), 250, peakMiB),
    );
  let fetched = 0;
  page.on('response', (response) => {
    fetched += Number(response.headers()['content-length'] ?? 0);
  });
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page.waitForSelector('.grid-window .row:not([hidden]) .cell-type:not(:empty)');
    timed(rows, `${way}: newest rows of use`, performance.now() - start, 700);
    const mb = fetched / 1e6;
    if (way === 'http') rows.push(limited('http: fetched by then', `${mb.toFixed(2)} MB`, 1.5, mb));
    await page.waitForSelector('daybook-explorer[data-ready]', { timeout: 120_000 });
    timed(rows, `${way}: all rows read`, performance.now() - start, 2000);
  });
  cost('opening', opening);
  const filters: number[] = [];
  // An even number of times: nothing is left chosen.
  for (let round = 0; round < 16; round++) filters.push(await timeFilter(page));
  timed(rows, `${way}: a facet over all rows`, Math.min(...filters), 16);
  const share = await droppedFrames(page);
  rows.push(
    limited(`${way}: frames dropped while scrolling`, `${(share * 100).toFixed(1)} %`, 0.05, share, '5.0 %'),
  );
  for (const [what, text, limits] of [
    ['in no details', 'no such words', [100, 4000]],
    ['in some details', '77', [300, 4000]],
  ] as const) {
    const searching = await watched(page, async () => {
      await page.locator('[data-search]').focus();
      await page.waitForTimeout(2500);
      const [first, whole, named] = await timeSearch(page, text);
      timed(rows, `${way}: a text ${what}, looked for in type, run and summary`, named, 100);
      if (first !== undefined) timed(rows, `${way}: first hits of a text ${what}`, first, limits[0]);
      timed(rows, `${way}: a text ${what}, all of them`, whole, limits[1]);
    });
    cost(`a text ${what}`, searching);
  }
  await page.close();
  return rows;
}

/** Milliseconds that choosing a facet blocks the page. */
function timeFilter(page: Page): Promise<number> {
  return page.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>('[data-facet=type] button')!;
    const start = performance.now();
    button.click();
    return performance.now() - start;
  });
}

/** The share of frames that were late while the wheel turned for five seconds. */
async function droppedFrames(page: Page): Promise<number> {
  const box = (await page.locator('.grid-frame').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const frames = page.evaluate(async (during) => {
    const times: number[] = [];
    for (const start = performance.now(); performance.now() - start < during; )
      times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    return times;
  }, 5000);
  for (let turn = 0; turn < 250; turn++) {
    await page.mouse.wheel(0, turn % 50 < 40 ? 300 : -500);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  const gaps = (await frames).map((time, at, all) => time - (all[at - 1] ?? time)).slice(1);
  const frameMs = 1000 / 60;
  const missed = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0);
  return missed / (missed + gaps.length);
}

/** Milliseconds from typing a text to its first row on the page, where it has one, to the end of its search, and to what is known without details. */
function timeSearch(page: Page, text: string): Promise<[number | undefined, number, number]> {
  return page.evaluate(async (text) => {
    const explorer = document.querySelector('daybook-explorer')!;
    const field = document.querySelector<HTMLInputElement>('[data-search]')!;
    const count = document.querySelector('[data-count]')!;
    const start = performance.now();
    let first: number | undefined;
    let named = Number.NaN;
    // As soon as it is written: a timer would wait behind the search.
    new MutationObserver((_, observer) => {
      if (!explorer.hasAttribute('data-ready') && Number.isNaN(named)) named = performance.now() - start;
      const hits = /([\d,]+) (?:hits?|match)/.exec(count.textContent ?? '')?.[1];
      if (explorer.hasAttribute('data-ready') || hits === undefined || hits === '0') return;
      first ??= performance.now() - start;
      observer.disconnect();
    }).observe(count, { childList: true });
    field.value = text;
    // Enter asks at once, without waiting for more to be typed.
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    for (let begun = false; !(begun && explorer.hasAttribute('data-ready')); ) {
      begun ||= !explorer.hasAttribute('data-ready');
      await new Promise((resolve) => setTimeout(resolve, 4));
      if (performance.now() - start > 120_000) throw new Error('the search did not end');
    }
    return [first, performance.now() - start, named];
  }, text);
}

function timed(rows: Row[], what: string, value: number, limit: number): void {
  rows.push(limited(what, ms(value), limit, value, ms(limit)));
}

function limited(what: string, ours: string, limit: number, value: number, peer = String(limit)): Row {
  return { what, ours, peer, ratio: value / limit, limit: 1 };
}
