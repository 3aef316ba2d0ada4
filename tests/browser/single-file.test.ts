import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackSingleFile } from '../../src/build/single/unpack.ts';
import { buildSingleFile } from '../../src/build.ts';
import { temporaryBook } from '../helpers.ts';
import { writeRunBook } from './run-book.ts';
import { writeSampleBook } from './sample-book.ts';
import { axeFindings, explorerReady, openPage, outputFolder, startBrowser } from './site.ts';

let browser: Browser;
/** A folder that holds nothing but the files, as one that attachments are saved to. */
let inbox: string;
let root: string;
let built: Awaited<ReturnType<typeof buildSingleFile>>;

beforeAll(async () => {
  browser = await startBrowser();
  inbox = mkdtempSync(join(tmpdir(), 'daybook-inbox-'));
  root = mkdtempSync(join(tmpdir(), 'daybook-sent-'));
  writeRunBook(root, undefined, 6);
  writeSampleBook(root, 900);
  built = await buildSingleFile({ root });
});

afterAll(async () => {
  await browser?.close();
  for (const folder of [inbox, root]) rmSync(folder, { recursive: true, force: true });
});

/** Opens a copy of a file that lies alone in a folder, and remembers what it asks for and complains of. */
async function openSent(
  path: string,
  fragment = '',
  options: Parameters<typeof openPage>[1] = {},
): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const copy = join(mkdtempSync(join(inbox, 'mail-')), 'attachment.html');
  copyFileSync(path, copy);
  const { page, complaints } = await openPage(browser, options);
  const requests: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(pathToFileURL(copy).href + fragment);
  // The document itself is the one thing that is loaded.
  expect(requests.splice(0)).toHaveLength(1);
  return { page, complaints, requests };
}

/** Goes to a page of the file and waits until it stands there. */
async function show(page: Page, fragment: string): Promise<void> {
  await page.evaluate((to) => {
    document.querySelector('main')!.replaceChildren();
    location.hash = to;
  }, fragment);
  await page.waitForSelector('main h1');
}

const fragmentsOf = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('script[data-file]')]
      .map(({ dataset }) => dataset['file']!)
      .filter((name) => name.endsWith('.html') && !name.startsWith('data/'))
      .map((name) => `#/${name === 'index.html' ? '' : name.slice(0, -'.html'.length)}`),
  );

describe('a site in one file', () => {
  it('shows every page from disk without a request, a complaint or a line of what was recorded run', async () => {
    const { page, complaints, requests } = await openSent(built.out);
    const fragments = await fragmentsOf(page);
    expect(fragments).toHaveLength(built.pages);
    expect(fragments.filter((one) => one.startsWith('#/runs/'))).toHaveLength(1 + 6 + 3 + 4 + 1 + 3);
    for (const fragment of fragments.filter((one) => one !== '#/')) {
      await show(page, fragment);
      const found = await page.evaluate(async () => {
        await Promise.all([...document.images].map((image) => image.decode()));
        const all = (selector: string) => [...document.querySelectorAll(selector)];
        return {
          headings: all('main h1').length,
          hurt: (globalThis as { hurt?: number }).hurt,
          foreign: all('[href^="javascript" i], main script, iframe, object, form[action]').length,
          outside: all('a[href]')
            .map((link) => link.getAttribute('href')!)
            .filter((href) => !/^(?:#|https?:)/.test(href)),
        };
      });
      expect(found, fragment).toEqual({ headings: 1, hurt: undefined, foreign: 0, outside: [] });
    }
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });

  it('is searched and filtered, and its address holds what is shown', async () => {
    const { page, complaints, requests } = await openSent(built.out, '#/actions?status=failed');
    await explorerReady(page);
    expect(await page.locator('[data-count]').innerText()).toMatch(/^\d+ recorded, \d+ match$/);
    await page.keyboard.press('/');
    await page.keyboard.type('step 12');
    // Where keys come slowly, what was typed so far is searched for in between.
    await page.waitForFunction(() => location.hash === '#/actions?status=failed&q=step+12');
    await explorerReady(page);
    const rows = await page.locator('[role=grid] [role=row]').allInnerTexts();
    expect(rows.filter((row) => row.includes('step 12')).length).toBeGreaterThan(0);
    await page.screenshot({ path: join(outputFolder, 'single-actions.png') });
    // The entry of the navigation asks for nothing, and so shows all.
    await page.click('.page-nav a:text("Actions")');
    // The page that is left is ready, too.
    await page.waitForFunction(() =>
      /^\d+ recorded$/.test(document.querySelector('[data-count]')?.textContent.trim() ?? ''),
    );
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });

  it('goes from page to page by its links, and back to where one was', async () => {
    const { page, complaints, requests } = await openSent(built.out);
    expect(await page.evaluate(() => location.hash)).toBe('#/');
    await page.click('.page-nav a:text("Runs")');
    await page.waitForSelector('daybook-runs[data-ready]');
    expect(await page.getAttribute('.page-nav a:text("Runs")', 'aria-current')).toBe('page');
    const runs = page.locator('daybook-runs [role=row] a', { hasText: 'exp-2' }).first();
    await runs.click();
    await page.waitForSelector('main h1:has-text("exp-2")');
    expect(await page.title()).toMatch(/exp-2/);
    expect(await page.locator('main svg path').count()).toBeGreaterThan(0);
    await page.screenshot({ path: join(outputFolder, 'single-run.png'), fullPage: true });
    // A picture of it, on a page of its own.
    await page.locator('.pictures a').first().click();
    await page.waitForSelector('.artifact-view img');
    expect(await page.evaluate(() => document.images[0]!.naturalWidth)).toBe(64);
    await page.goBack();
    await page.waitForSelector('main h1:has-text("exp-2")');
    await page.goBack();
    await page.waitForSelector('daybook-runs[data-ready]');
    await page.goBack();
    await page.waitForSelector('body[data-page=overview] main h1');
    await page.goForward();
    await page.waitForSelector('daybook-runs[data-ready]');
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });

  it('compares runs that are picked from the table', async () => {
    const { page, complaints, requests } = await openSent(built.out, '#/runs');
    await page.waitForSelector('daybook-runs[data-ready]');
    for (const row of [0, 1]) await page.locator('.grid-window .row').nth(row).locator('.cell-pick').click();
    await page.click('[data-compare] a');
    await page.waitForSelector('daybook-compare-runs[data-ready]');
    expect(await page.locator('[data-remove]').count()).toBe(2);
    await page.screenshot({ path: join(outputFolder, 'single-compare.png'), fullPage: true });
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });

  it('has nothing for axe to find', async () => {
    const { page } = await openSent(built.out, '', { bypassCSP: true });
    for (const fragment of ['#/runs', '#/actions', '#/snapshots']) {
      await show(page, fragment);
      expect(await axeFindings(page), fragment).toEqual([]);
    }
    await page.context().close();
  });

  it('is read without scripts as far as its first page goes', async () => {
    const { page } = await openSent(built.out, '', { javaScriptEnabled: false });
    expect(await page.locator('main h1').count()).toBe(1);
    expect(await page.locator('body').innerText()).toContain('Scripts are off');
    await page.context().close();
  });
});

describe('a file of chosen runs', () => {
  it('holds their pages, their table and them side by side, and nothing of any other', async () => {
    const out = join(root, 'two.html');
    const selection = { runs: ['experiments/exp-1', 'experiments/exp-2'] };
    const two = await buildSingleFile({ root, out, selection });
    expect(two).toMatchObject({
      runs: 2,
      actions: 1,
      snapshots: 0,
      part: expect.stringMatching(/^2 runs of the \d+ in/),
    });
    const { page, complaints, requests } = await openSent(out);
    await page.waitForSelector('daybook-runs[data-ready]');
    expect(await page.evaluate(() => location.hash)).toBe('#/runs');
    expect(await page.locator('.page-nav a').allInnerTexts()).toEqual(['Actions', 'Runs', 'Lineage']);
    expect(await page.locator('.part-of-book').innerText()).toContain('2 runs of the');
    const fragments = await fragmentsOf(page);
    expect(fragments.filter((one) => one.startsWith('#/runs/'))).toHaveLength(2);
    await page.screenshot({ path: join(outputFolder, 'single-two-runs.png'), fullPage: true });
    for (const fragment of fragments) {
      await show(page, fragment);
      const text = await page.locator('body').innerText();
      expect(text, fragment).not.toMatch(/exp-0|exp-3|run_4|step 12/);
    }
    const content = join(inbox, 'content');
    const names = unpackSingleFile(out, content, []);
    const texts = names.map((name) => {
      const bytes = readFileSync(join(content, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    });
    const all = [...names, ...texts].join('\n');
    expect(all).toContain('exp-2');
    expect(all).not.toMatch(/exp-0|exp-3|run_4|step 12/);
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });
});

describe('a file of what happened since', () => {
  it('has the actions, snapshots and runs from then on', async () => {
    const out = join(root, 'since.html');
    const sinceUs = Date.UTC(2026, 10, 18, 9, 30) * 1000;
    const since = await buildSingleFile({ root, out, selection: { sinceUs } });
    expect(since.actions).toBeLessThan(built.actions);
    expect(since.runs).toBeLessThan(built.runs);
    expect(since.runs).toBeGreaterThan(0);
    const { page, complaints, requests } = await openSent(out);
    expect(await page.locator('.part-of-book').innerText()).toContain('recorded since 2026-11-18 09:30');
    await page.click('.page-nav a:text("Actions")');
    await page.waitForSelector('main h1');
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });
});

describe('a file of an empty book', () => {
  it('opens, says that nothing is there, and leaves nothing beside it', async () => {
    const empty = temporaryBook({ 'daybook.yaml': 'title: Empty\n' });
    const { out, warning } = await buildSingleFile({ root: empty });
    expect(warning).toBeUndefined();
    expect(readdirSync(empty).sort()).toEqual(['.daybook', 'dashboard.html', 'daybook.yaml', 'snapshots']);
    expect(readdirSync(join(empty, '.daybook', 'site')).filter((name) => name.startsWith('out-'))).toEqual(
      [],
    );
    const { page, complaints, requests } = await openSent(out);
    for (const fragment of await fragmentsOf(page)) {
      await page.evaluate((to) => {
        location.hash = to;
      }, fragment);
      await page.waitForSelector('main h1');
    }
    expect([complaints, requests]).toEqual([[], []]);
    await page.context().close();
  });
});
