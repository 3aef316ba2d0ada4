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
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page.waitForSelector('.grid-window .row:not([hidden]) .cell-type:not(:empty)');
    timed(rows, `${way}: newest rows of use`, performance.now() - start, 700);
    await page.waitForSelector('daybook-explorer[data-ready]', { timeout: 120_000 });
    timed(rows, `${way}: all rows read`, performance.now() - start, 2000);
  });
  cost('opening', opening);
  const filters: number[] = [];
  // An even number of times: nothing is left chosen.
  for (let round = 0; round < 16; round++) filters.push(await timeFilter(page));
  timed(rows, `${way}: a facet over all rows`, Math.min(...filters), 16);
  for (const [what, text, limits] of [
    ['in no details', 'no such words', [100, 4000]],
    ['in some details', '77', [300, 4000]],
  ] as const) {
    const searching = await watched(page, async () => {
      await page.locator('[data-search]').focus();
      await page.waitForTimeout(2500);
      const [first, whole] = await timeSearch(page, text);
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

/** Milliseconds from typing a text to its first row on the page, where it has one, and to the end of its search. */
function timeSearch(page: Page, text: string): Promise<[number | undefined, number]> {
  return page.evaluate(async (text) => {
    const explorer = document.querySelector('daybook-explorer')!;
    const field = document.querySelector<HTMLInputElement>('[data-search]')!;
    const count = document.querySelector('[data-count]')!;
    const start = performance.now();
    let first: number | undefined;
    // As soon as it is written: a timer would wait behind the search.
    new MutationObserver((_, observer) => {
      const hits = /([\d,]+) (?:hits?|match)/.exec(count.textContent ?? '')?.[1];
      if (explorer.hasAttribute('data-ready') || hits === undefined || hits === '0') return;
      first ??= performance.now() - start;
      observer.disconnect();
    }).observe(count, { childList: true });
    field.value = text;
    field.dispatchEvent(new Event('input'));
    for (let begun = false; !(begun && explorer.hasAttribute('data-ready')); ) {
      begun ||= !explorer.hasAttribute('data-ready');
      await new Promise((resolve) => setTimeout(resolve, 4));
      if (performance.now() - start > 120_000) throw new Error('the search did not end');
    }
    return [first, performance.now() - start];
  }, text);
}

function timed(rows: Row[], what: string, value: number, limit: number): void {
  rows.push(limited(what, ms(value), limit, value, ms(limit)));
}

function limited(what: string, ours: string, limit: number, value: number, peer = String(limit)): Row {
  return { what, ours, peer, ratio: value / limit, limit: 1 };
}
