import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildSample, explorerReady, openPage, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

let browser: Browser;
const sites: Site[] = [];
const servers: StaticServer[] = [];

beforeAll(async () => {
  browser = await startBrowser();
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const site of sites.splice(0)) site.remove();
});

afterAll(() => browser?.close());

describe('books that nobody would make on purpose', () => {
  it('shows actions of clocks that were wrong at their day, and all others beside them', async () => {
    const site = await siteOf([
      action('1969-12-31T23:59:59.500Z', 'before'),
      action('1970-01-01T00:00:00Z', 'reset'),
      action('2026-11-20T10:00:00Z', 'right'),
      action('2026-11-20T11:00:00Z', 'right'),
      action('2254-01-01T00:00:00Z', 'ahead'),
    ]);
    const { page, complaints } = await openExplorer(site, '');
    expect(await count(page)).toBe('5 recorded');
    expect(await page.locator('.grid-window .row').allInnerTexts()).toEqual([
      expect.stringMatching(/^2254-01-01 00:00:00[\s\S]*ahead/),
      expect.stringMatching(/^2026-11-20 11:00:00/),
      expect.stringMatching(/^2026-11-20 10:00:00/),
      expect.stringMatching(/^1970-01-01 00:00:00[\s\S]*reset/),
      expect.stringMatching(/^1969-12-31 23:59:59[\s\S]*before/),
    ]);
    const bars = await page.locator('svg.plot rect').count();
    expect(bars).toBeGreaterThan(2);
    expect(bars).toBeLessThan(200);
    await page.locator('.brush-to').focus();
    await page.keyboard.press('ArrowLeft');
    expect(page.url()).toContain('to=2250-01-01');
    await page.reload();
    await explorerReady(page);
    expect(await count(page)).toBe('5 recorded, 4 match');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('keeps ten thousand types and a type of five thousand letters in a short list', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) =>
      action(`2026-11-20T10:${String(at % 60).padStart(2, '0')}:00Z`, `type-${at}`),
    );
    lines.push(action('2026-11-20T12:00:00Z', 'long'.repeat(1250)));
    const site = await siteOf(lines);
    const { page, complaints } = await openExplorer(site, '');
    const types = page.locator('[data-facet=type] button');
    expect(await types.count()).toBeLessThan(20);
    await types.last().click();
    expect(await types.count()).toBeLessThan(80);
    await page.fill('[data-search]', 'type-9876');
    await page.waitForFunction(
      () => document.querySelector('[data-count]')?.textContent === '10,001 recorded, 1 match',
    );
    await page.fill('[data-search]', 'longlong');
    await page.waitForFunction(
      () => document.querySelector('.cell-type')?.textContent?.startsWith('longlong') === true,
    );
    await page.locator('.grid-window .row').first().click();
    await page.waitForSelector('.record-source');
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    ).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes any address for a question, at worst one without answer', async () => {
    const site = await siteOf([
      action('2026-11-20T10:00:00Z', '__proto__'),
      action('2026-11-20T10:01:00Z', 'b'),
    ]);
    for (const [query, said] of [
      ['?type=__proto__', '2 recorded, 1 match'],
      ['?type=constructor&status=%3Cimg%20src=x%20onerror=alert(1)%3E', '2 recorded, 0 match'],
      ['?from=2027&to=2026', '2 recorded'],
      ['?from=zzz&to=-1e99&q=%', '2 recorded, 0 match'],
      ['?from=2026-11-21&to=2026-11-19', '2 recorded, 0 match'],
      ['?action=no-such-action', '2 recorded'],
      ['#type=b', '2 recorded, 1 match'],
      ['?type=b#=', '2 recorded'],
    ] as const) {
      const { page, complaints } = await openExplorer(site, query);
      expect([query, await count(page)]).toEqual([query, said]);
      expect([query, complaints]).toEqual([query, []]);
      await page.context().close();
    }
  });
});

describe('a page left open', () => {
  it('says that the site was built again where a data file is gone, over http and from disk', async () => {
    const site = await siteOf([action('2026-11-20T10:00:00Z', 'a')]);
    const server = await serveStatic(site.folder, true);
    servers.push(server);
    for (const base of [server.address, site.fileAddress]) {
      const { page } = await openPage(browser);
      await page.goto(`${base}actions.html`);
      await explorerReady(page);
      const folder = join(site.folder, 'data', 'actions');
      const moved = readdirSync(folder).filter((name) => name.startsWith('details-'));
      for (const name of moved) renameSync(join(folder, name), join(folder, `gone-${name}`));
      await page.locator('.grid-window .row').first().click();
      await page.waitForFunction(
        () => document.querySelector('[data-record]')?.textContent?.includes('reload the page') === true,
      );
      for (const name of moved) renameSync(join(folder, `gone-${name}`), join(folder, name));
      await page.context().close();
    }
  });

  it('does not open a linked action again that was closed while older ones were read', async () => {
    const lines = Array.from({ length: 50_001 }, (_, at) =>
      action(new Date(Date.UTC(2026, 10, 1) + at * 1000).toISOString(), 'a'),
    );
    const site = await siteOf(lines);
    const server = await serveStatic(site.folder, true);
    servers.push(server);
    const first = await openPage(browser);
    await first.page.goto(`${server.address}actions.html`);
    await explorerReady(first.page);
    expect(await count(first.page)).toBe('50,001 recorded');
    await first.page.locator('.grid-window .row').first().click();
    await first.page.waitForSelector('.record-source');
    const link = first.page.url();
    await first.page.context().close();
    const { page } = await openPage(browser);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/rows-0000-*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(link);
    await page.waitForSelector('.record-source');
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: 'Close the record' })
      .click({ timeout: 500 })
      .catch(() => {});
    expect(await page.locator('.record-hint').count()).toBe(1);
    release();
    await explorerReady(page);
    expect(await page.locator('.record-hint').count()).toBe(1);
    expect(page.url()).not.toContain('action=');
    await page.context().close();
  });

  it('asks again for summaries that the network lost', async () => {
    const site = await siteOf([action('2026-11-20T10:00:00Z', 'a')]);
    const server = await serveStatic(site.folder, true);
    servers.push(server);
    const { page } = await openPage(browser);
    let failures = 0;
    await page.route('**/text-0000-*', (route) => {
      failures += 1;
      return failures === 1 ? route.abort() : route.continue();
    });
    await page.goto(`${server.address}actions.html`);
    await explorerReady(page);
    await page.locator('[data-facet=status] button').first().click();
    await page.waitForFunction(() => document.querySelector('.cell-summary')?.textContent?.includes('of a'));
    await page.context().close();
  });
});

function action(timestamp: string, type: string): object {
  return {
    snapshot_id: `action_${timestamp}`,
    snapshot_type: 'action',
    timestamp,
    action: { type, status: 'completed', details: { message: `of ${type.slice(0, 20)}` } },
  };
}

async function siteOf(lines: object[]): Promise<Site> {
  const site = await buildSample((root) => {
    mkdirSync(join(root, 'snapshots'));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(join(root, 'snapshots', 'action_log.jsonl'), text);
  });
  sites.push(site);
  return site;
}

async function openExplorer(site: Site, query: string): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${site.fileAddress}actions.html${query}`);
  await explorerReady(opened.page);
  return opened;
}

function count(page: Page): Promise<string> {
  return page.locator('[data-count]').innerText();
}
