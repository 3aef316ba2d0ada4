import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleBook } from './sample-book.ts';
import { buildSample, explorerReady, openPage, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

const recorded = 60_000;
const total = recorded + 1 + 7;

let browser: Browser;
let site: Site;
let server: StaticServer;
let plainServer: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample((root) => writeSampleBook(root, recorded));
  server = await serveStatic(site.folder, true);
  plainServer = await serveStatic(site.folder, false);
});

afterAll(async () => {
  await server?.close();
  await plainServer?.close();
  await browser?.close();
  site?.remove();
});

const bases = {
  ranges: () => server.address,
  'a server without ranges': () => plainServer.address,
  file: () => site.fileAddress,
};

describe.each(Object.keys(bases) as (keyof typeof bases)[])('the explorer over %s', (way) => {
  it('reads all rows, filters by facet, and says how many match', async () => {
    const { page, complaints } = await openExplorer(way, '');
    expect(await count(page)).toBe(`${total.toLocaleString('en-US')} recorded`);
    await page.locator('[data-facet=status] button', { hasText: 'failed' }).click();
    expect(await count(page)).toBe('60,008 recorded, 10,001 match');
    expect(
      await page
        .locator('[data-facet=status] button', { hasText: 'completed' })
        .locator('.facet-count')
        .innerText(),
    ).toBe('30,007');
    await page.locator('[data-facet=type] button', { hasText: 'deploy' }).click();
    expect(await count(page)).toBe('60,008 recorded, 2,000 match');
    expect(await page.locator('[data-chips] button').allInnerTexts()).toEqual([
      expect.stringContaining('status: failed'),
      expect.stringContaining('type: deploy'),
    ]);
    await page.locator('[data-chips] button').first().click();
    expect(await count(page)).toBe('60,008 recorded, 12,000 match');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('finds text in details and opens the record whole', async () => {
    const { page, complaints } = await openExplorer(way, '?q=QUETZALCOATL');
    expect(await count(page)).toBe('60,008 recorded, 7 match');
    await page.locator('.grid-window .row:not([hidden])').last().click();
    await page.waitForSelector('.record-source');
    expect(await page.locator('.explorer-record').innerText()).toContain('quetzalcoatl');
    expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says how far a search is and never empties the table before it knows; another text ends it', async () => {
    const { page, complaints } = await openExplorer(way, '');
    await page.evaluate(() => {
      const seen: [string, number][] = [];
      Object.assign(globalThis, { seen });
      const note = document.querySelector('[data-count]')!;
      new MutationObserver(() => {
        const rows = document.querySelectorAll('.grid-window .row:not([hidden])').length;
        seen.push([note.textContent ?? '', rows]);
      }).observe(note, { childList: true });
    });
    const find = (text: string) => page.fill('[data-search]', text);
    await find('no such words');
    await page.waitForFunction(() =>
      document.querySelector('[data-count]')?.textContent?.endsWith(', 0 match'),
    );
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: [string, number][] }).seen);
    const looking = seen.filter(([text]) => text.includes('searching…'));
    expect(looking[0]![0]).toMatch(
      /^60,008 recorded, searching… 0 hits so far, [\d,]+ of 60,008 looked through$/,
    );
    expect(looking.every(([, rows]) => rows > 0)).toBe(true);
    expect(await page.locator('.explorer-looking').count()).toBe(0);
    await page.waitForFunction(() => document.querySelector('.grid-window .row:not([hidden])') === null);
    await find('step');
    await page.waitForSelector('daybook-explorer:not([data-ready])');
    await find('quetzalCOATL');
    await page.waitForFunction(() =>
      document.querySelector('[data-count]')?.textContent?.endsWith(', 7 match'),
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('keeps the view in the address, and a link leads to exactly one action', async () => {
    const { page } = await openExplorer(way, '?type=joined');
    await page.locator('.grid-window .row').first().click();
    await page.waitForSelector('.record-source');
    const record = await page.locator('.explorer-record').innerText();
    expect(record).toContain('History of this action');
    expect(record).toContain('make: *** [all] Error 2');
    expect(record).toMatch(/Duration\s+1 min 2 s|Duration\s+61\.5 s|1 min 1 s/);
    expect(await page.locator('.explorer-record a[href^="javascript"]').count()).toBe(0);
    expect(page.url()).toContain('action=');
    await page.reload();
    await explorerReady(page);
    await page.waitForSelector('.record-source');
    expect(await page.locator('.explorer-record').innerText()).toBe(record);
    expect(await count(page)).toBe('60,008 recorded, 1 match');
    await page.context().close();
  });
});

describe('the explorer', () => {
  it('is worked by keyboard: / finds, arrows move, Enter opens, Escape closes', async () => {
    const { page } = await openExplorer('file', '');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('action-search');
    await page.keyboard.type('step 59999');
    await page.waitForFunction(
      () => document.querySelector('[data-count]')?.textContent === '60,008 recorded, 1 match',
    );
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.record-source');
    expect(await page.locator('.explorer-record').innerText()).toContain('step 59999');
    await page.keyboard.press('Escape');
    expect(await page.locator('.record-hint').count()).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await page.waitForFunction(
      () => document.querySelector('[data-count]')?.textContent === '60,008 recorded',
    );
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      () => document.querySelector('[aria-selected=true]')?.getAttribute('aria-rowindex') === '60009',
    );
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.waitForFunction(
      () => document.querySelector('[aria-selected=true]')?.getAttribute('aria-rowindex') === '2',
    );
    expect(await page.locator('.grid-window .row').count()).toBeLessThan(60);
    await page.context().close();
  });

  it('chooses a stretch of time with the brush, by pointer and by keyboard', async () => {
    const { page } = await openExplorer('file', '');
    const box = (await page.locator('.brush').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 30, { steps: 4 });
    await page.mouse.up();
    const brushed = matching(await count(page));
    expect(brushed).toBeGreaterThan(total * 0.2);
    expect(brushed).toBeLessThan(total * 0.35);
    expect(page.url()).toMatch(/from=2026-09-\d\d&to=2026-/);
    await page.locator('.brush-to').focus();
    await page.keyboard.press('ArrowRight');
    expect(matching(await count(page))).toBeGreaterThan(brushed);
    await page.locator('[data-chips] button').click();
    expect(await count(page)).toBe('60,008 recorded');
    await page.context().close();
  });

  it('reads over http only what it shows: no details before one is opened', async () => {
    const before = server.sentBytes();
    const { page } = await openExplorer('ranges', '');
    const rows = server.sentBytes() - before;
    await page.locator('.grid-window .row').nth(3).click();
    await page.waitForSelector('.record-source');
    const opened = server.sentBytes() - before - rows;
    expect(rows).toBeLessThan(3_000_000);
    expect(opened).toBeLessThan(700_000);
    await page.context().close();
  });

  it('says what to do when nothing matches', async () => {
    const { page } = await openExplorer('file', '?type=deploy&q=no-such-words-anywhere');
    expect(await page.locator('[data-nothing]').isVisible()).toBe(true);
    await page.locator('[data-clear]').click();
    expect(await count(page)).toBe('60,008 recorded');
    await page.context().close();
  });
});

async function openExplorer(
  way: keyof typeof bases,
  query: string,
): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${bases[way]()}actions.html${query}`);
  await explorerReady(opened.page);
  return opened;
}

async function count(page: Page): Promise<string> {
  return page.locator('[data-count]').innerText();
}

function matching(text: string): number {
  return Number((/([\d,]+) match/.exec(text)?.[1] ?? '').replaceAll(',', ''));
}
