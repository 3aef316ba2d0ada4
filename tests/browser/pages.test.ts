import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEmptyBook, writeSampleBook } from './sample-book.ts';
import {
  axeFindings,
  buildSample,
  explorerReady,
  openPage,
  outputFolder,
  type Site,
  sharedSample,
  startBrowser,
} from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

let browser: Browser;
let site: Site;
let empty: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample((root) => writeSampleBook(root, 400));
  empty = await sharedSample('empty', writeEmptyBook);
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
  empty?.remove();
});

describe('every page', () => {
  it.each(['http', 'file'])('opens over %s without a complaint of the browser', async (scheme) => {
    const { page, complaints } = await openPage(browser);
    for (const name of site.pages) {
      await page.goto((scheme === 'http' ? server.address : site.fileAddress) + name);
      if (name === 'actions.html') await explorerReady(page);
      else await page.waitForLoadState('load');
      expect(await page.locator('h1').count(), name).toBe(1);
      // What turns the direction of reading, or rings a bell, is shown as what it is on every page.
      expect(await page.evaluate(hiddenText), name).toEqual([]);
      expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt), name).toBeUndefined();
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has nothing for axe to find in %s', async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
    const lasting = site.pages
      .filter((name) => !name.startsWith('snapshots/'))
      .concat(site.pages.filter((name) => name.startsWith('snapshots/')).slice(-1));
    for (const name of lasting) {
      await page.goto(site.fileAddress + name);
      if (name === 'actions.html') {
        await explorerReady(page);
        await page.locator('.grid-window .row').nth(7).click();
        await page.waitForSelector('.record-source');
      }
      if (name === 'snapshots.html') await page.locator('.field-open').first().click();
      await page.screenshot({
        path: join(outputFolder, `${name.replace('/', '-').replace('.html', '')}-${colorScheme}.png`),
      });
      expect(await axeFindings(page), name).toEqual([]);
    }
    await page.context().close();
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 780 } });
    for (const name of site.pages) {
      await page.goto(site.fileAddress + name);
      if (name === 'actions.html') await explorerReady(page);
      await page.screenshot({
        path: join(outputFolder, `${name.replace('/', '-').replace('.html', '')}-narrow.png`),
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(360);
    }
    await page.context().close();
  });

  it('is readable without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site.fileAddress}actions.html`);
    expect(await page.locator('.explorer-static tbody tr').count()).toBe(200);
    expect(await page.locator('[data-facet=type]').innerText()).toContain('test_execution');
    expect(await page.locator('.explorer-timeline svg.plot rect').count()).toBeGreaterThan(0);
    await page.locator('.explorer-static summary').first().click();
    expect(await page.locator('.explorer-static pre').first().isVisible()).toBe(true);
    expect(await page.locator('.grid-frame').isVisible()).toBe(false);
    await page.goto(`${site.fileAddress}compare.html`);
    expect(await page.locator('.changes .change').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('says in an empty book what to do next', async () => {
    const { page, complaints } = await openPage(browser);
    for (const name of empty.pages) {
      await page.goto(empty.fileAddress + name);
      await page.screenshot({ path: join(outputFolder, `empty-${name.replace('.html', '')}.png`) });
    }
    await page.goto(`${empty.fileAddress}actions.html`);
    expect(await page.locator('.empty').innerText()).toContain('npx daybook action');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('themes and times', () => {
  it('switches to dark and remembers it', async () => {
    const { page } = await openPage(browser, { colorScheme: 'light' });
    await page.goto(`${server.address}index.html`);
    await page.click('[data-theme-toggle]');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.goto(`${server.address}health.html`);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.context().close();
  });
});

describe('snapshots', () => {
  it.each(['http', 'file'])('compares any two over %s, and the address keeps the choice', async (scheme) => {
    const base = scheme === 'http' ? server.address : site.fileAddress;
    const { page, complaints } = await openPage(browser);
    await page.goto(`${base}compare.html`);
    await page.waitForSelector('.compare-live');
    await page.selectOption('select[data-side=a]', { index: 4 });
    await page.waitForFunction(() =>
      document.querySelector('[data-differences]')?.textContent?.includes('degraded'),
    );
    const said = await page.locator('[data-said]').innerText();
    expect(said).toMatch(/^\d+ differences, 2 hours later\.$/);
    const same = page.locator('[data-differences] .change-same');
    expect(await same.locator('summary').innerText()).toMatch(/^\d+ values the same$/);
    expect(await same.locator('li').first().isVisible()).toBe(false);
    await same.locator('summary').click();
    expect(await same.locator('li').first().innerText()).toMatch(/^\S+ \d+$/);
    await page.reload();
    await page.waitForSelector('.compare-live');
    await page.waitForFunction((text) => document.querySelector('[data-said]')?.textContent === text, said);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('filters fields by name and value, and opens what is folded', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${site.fileAddress}snapshots.html`);
    const rows = page.locator('daybook-field-history tr[data-path]:visible');
    const all = await page.locator('daybook-field-history tr[data-path]').count();
    await page.fill('[data-filter]', 'rail DEPLOY');
    expect(await rows.evaluateAll((shown) => shown.map((row) => row.dataset['path']))).toEqual([
      'rail_status.deployment',
    ]);
    expect(await page.locator('[data-filtered]').innerText()).toBe(`1 of ${all}`);
    expect(await page.locator('.fields-still').getAttribute('open')).toBeNull();
    await page.fill('[data-filter]', 'limit_7');
    expect(await rows.count()).toBe(1);
    await page.fill('[data-filter]', '');
    expect(await page.locator('[data-filtered]').innerText()).toBe('');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows when a field changed and which snapshot brought it', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${site.fileAddress}snapshots.html`);
    const row = page.locator('tr[data-path="rail_status.deployment"]');
    await row.locator('button').click();
    const history = page.locator('.field-history');
    await history.locator('table').waitFor();
    expect(await history.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^degraded\s+2026-.*until now/),
      expect.stringMatching(/^stable\s+2026-.*for 90 minutes|^stable/),
    ]);
    expect(await history.locator('svg.travel-band').getAttribute('aria-label')).toMatch(
      /^rail_status\.deployment over time: stable for .*, degraded for .*; 1 change$/,
    );
    const href = await history.locator('tbody a').first().getAttribute('href');
    expect(site.pages).toContain(href);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** Text of a page that holds what a reader must not get, where it is printed and where a script printed it. */
function hiddenText(): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node !== null; node = walker.nextNode() as Text | null) {
    if (node.parentElement?.closest('script, style') !== null) continue;
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(node.data))
      found.push(node.data);
  }
  const read = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'label', 'placeholder'];
  for (const element of document.querySelectorAll(read.map((name) => `[${name}]`).join(','))) {
    for (const name of read) {
      const text = element.getAttribute(name) ?? '';
      if (/[\u0007\u001b\u202a-\u202e]/.test(text)) found.push(`${name}: ${text}`);
    }
  }
  return /[\u0007\u001b\u202a-\u202e]/.test(document.title) ? [...found, document.title] : found;
}
