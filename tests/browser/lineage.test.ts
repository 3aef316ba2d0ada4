import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainings, writeRunBook } from './run-book.ts';
import { writeEmptyBook } from './sample-book.ts';
import { axeFindings, openPage, outputFolder, type Site, sharedSample, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

let browser: Browser;
let site: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await sharedSample('runs', writeRunBook);
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
});

const bases = { http: () => server.address, file: () => site.fileAddress };
const slugOf = (part: string) =>
  site.pages.find((name) => name.startsWith('runs/') && name.includes(part))!.replace(/^runs\/|\.html$/g, '');

describe('the graph of all runs', () => {
  it('is complete without scripts: a picture with links, and the same as a list', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site.fileAddress}lineage.html`);
    expect(await page.locator('.lead').innerText()).toMatch(/^40 runs are connected/);
    expect(await page.locator('.lineage-label').allTextContents()).toContain(`${trainings} × results/train`);
    expect(await page.locator('[data-tools]').isVisible()).toBe(false);
    const list = page.locator('#list li', { hasText: `${trainings} runs results/train` }).first();
    await list.locator('summary').click();
    await list.getByRole('link', { name: 'run_7', exact: true }).click();
    expect(await page.locator('h1').innerText()).toBe('run_7');
    await page.goto(`${site.fileAddress}lineage.html`);
    await page.locator('.lineage-graph a', { hasText: 'process' }).click();
    expect(await page.locator('h1').innerText()).toBe('process');
    await page.context().close();
  });

  it.each(['http', 'file'] as const)('opens, chooses and remembers in its address, over %s', async (way) => {
    const { page, complaints } = await openPage(browser);
    await openLineage(page, `${bases[way]()}lineage.html`);
    const frames = page.locator('.lineage-frame');
    expect(await frames.count()).toBe(0);
    await page.locator('a[data-group]', { hasText: `${trainings} × results/train` }).click();
    expect(await frames.count()).toBe(1);
    expect(await page.locator('.lineage-chip').count()).toBe(trainings);
    await page.locator('.lineage-chip', { hasText: /run_10$/ }).click();
    expect(await page.locator('[data-chosen]').innerText()).toMatch(
      /run_10[\s\S]*made from 1[\s\S]*used by 1/,
    );
    expect(await page.locator('.lineage-item.is-ancestor').allTextContents()).toEqual([
      expect.stringContaining('process'),
    ]);
    expect(await page.locator('.is-descendant .lineage-note').textContent()).toBe('1 of 3');
    expect(page.url()).toContain(`run=${slugOf('train-run_10-')}`);
    await page.reload();
    await page.waitForSelector('daybook-lineage[data-ready]');
    expect(await page.locator('[data-chosen] b').innerText()).toBe('run_10');
    expect(await page.locator('.lineage-chip.is-chosen').count()).toBe(1);
    await page.locator('.lineage-chip.is-chosen').click();
    await page.waitForURL('**/runs/**');
    expect(await page.locator('h1').innerText()).toBe('run_10');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is searched, zoomed and moved by keyboard', async () => {
    const { page, complaints } = await openPage(browser);
    await openLineage(page, `${site.fileAddress}lineage.html`);
    const search = page.locator('[data-search]');
    await search.fill('train run_3');
    expect(await page.locator('[data-count]').innerText()).toBe('7 matches');
    await search.press('Enter');
    expect(await page.locator('[data-chosen] b').innerText()).toBe('run_3');
    await search.press('Enter');
    expect(await page.locator('[data-chosen] b').innerText()).toBe('run_30');
    await page.locator('[data-view]').focus();
    const boxes: string[] = [await viewBox(page)];
    for (const key of ['+', 'ArrowRight', 'ArrowDown', '+', '0']) {
      await page.keyboard.press(key);
      boxes.push(await viewBox(page));
    }
    expect(new Set(boxes).size).toBe(boxes.length);
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-chosen]').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is moved with the pointer without choosing anything', async () => {
    const { page } = await openPage(browser);
    await openLineage(page, `${site.fileAddress}lineage.html`);
    const before = await viewBox(page);
    const box = (await page.locator('a[data-group]', { hasText: `${trainings} ×` }).boundingBox())!;
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 50, { steps: 5 });
    await page.mouse.up();
    expect(await viewBox(page)).not.toBe(before);
    expect(await page.locator('.lineage-frame').count()).toBe(0);
    await page.context().close();
  });

  it('takes any address, and says of a run without relatives that it stands alone', async () => {
    for (const query of [
      '?run=nothing',
      '?run=__proto__&open=a,b,%00',
      `?run=${slugOf('experiments-exp-0')}`,
      '?q=%3Cimg%20src=x%3E',
    ]) {
      const { page, complaints } = await openPage(browser);
      await openLineage(page, `${site.fileAddress}lineage.html${query}`);
      expect(await page.locator('[data-count]').innerText(), query).toMatch(/stands alone|0 matches/);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)(
    'has nothing for axe to find in %s, and fits a narrow screen',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
      await openLineage(page, `${site.fileAddress}lineage.html?run=${slugOf('eval-1')}`);
      await page.locator('[data-open-all]').click();
      await page.screenshot({ path: join(outputFolder, `lineage-${colorScheme}.png`) });
      expect(await axeFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 780 });
      await page.screenshot({ path: join(outputFolder, 'lineage-narrow.png') });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await page.context().close();
    },
  );

  it('says in a book without runs how one gets a lineage, and so does the comparison', async () => {
    const empty = await sharedSample('empty', writeEmptyBook);
    try {
      const { page, complaints } = await openPage(browser);
      for (const [name, command] of [
        ['lineage.html', 'daybook lock'],
        ['compare-runs.html', 'daybook exec'],
        ['run.html', ''],
      ] as const) {
        await page.goto(empty.fileAddress + name);
        expect(await page.locator('main').innerText()).toContain(command);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    } finally {
      empty.remove();
    }
  });
});

async function openLineage(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForSelector('daybook-lineage[data-ready]');
}

async function viewBox(page: Page): Promise<string> {
  return (await page.locator('.lineage-graph').getAttribute('viewBox')) ?? '';
}
