import type { Page } from 'playwright-core';
import { limitRow, mb } from '../report.ts';
import type { Visit } from './visit.ts';
import { watched } from './watch.ts';

/** The page of actions: until it is of use, filtered, scrolled, and searched. */
export async function visitActions({ page, way, address, rows, timed, cost }: Visit): Promise<void> {
  let fetched = 0;
  page.on('response', (response) => {
    fetched += Number(response.headers()['content-length'] ?? 0);
  });
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address('actions.html'), { waitUntil: 'commit' });
    await page.waitForSelector('.grid-window .row:not([hidden]) .cell-type:not(:empty)');
    timed('newest rows of use', performance.now() - start, 700);
    if (way === 'http') rows.push(limitRow('http: fetched by then', fetched, 1.5e6, mb));
    await page.waitForSelector('daybook-explorer[data-ready]', { timeout: 120_000 });
    timed('all rows read', performance.now() - start, 2000);
  });
  cost('opening', opening);
  const filters: number[] = [];
  // An even number of times: nothing is left chosen.
  for (let round = 0; round < 16; round++) filters.push(await timeFilter(page));
  timed('a facet over all rows', Math.min(...filters), 16);
  const share = await droppedFrames(page);
  rows.push(
    limitRow(
      `${way}: frames dropped while scrolling`,
      share,
      0.05,
      (value) => `${(value * 100).toFixed(1)} %`,
    ),
  );
  for (const [what, text, limits] of [
    ['in no details', 'no such words', [100, 4000]],
    ['in some details', '77', [300, 4000]],
  ] as const) {
    const searching = await watched(page, async () => {
      await page.locator('[data-search]').focus();
      await page.waitForTimeout(2500);
      const [first, whole, named] = await timeSearch(page, text);
      timed(`a text ${what}, looked for in type, run and summary`, named, 100);
      if (first !== undefined) timed(`first hits of a text ${what}`, first, limits[0]);
      timed(`a text ${what}, all of them`, whole, limits[1]);
    });
    cost(`a text ${what}`, searching);
  }
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
