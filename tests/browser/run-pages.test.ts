import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRunBook } from './run-book.ts';
import { axeFindings, buildSample, openPage, outputFolder, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

/** Their pages are all alike; each is looked at all the same. */
const trainings = 12;

let browser: Browser;
let site: Site;
let few: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample((root) => writeRunBook(root, undefined, trainings));
  few = await buildSample((root) => writeRunBook(root, 2, trainings));
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
  few?.remove();
});

const bases = { http: () => server.address, file: () => site.fileAddress };

/** The page of the run whose name it holds. */
function pageOf(part: string): string {
  const found = site.pages.find((name) => name.startsWith('runs/') && name.includes(part));
  if (found === undefined) throw new Error(`no page of ${part} among ${site.pages.join(', ')}`);
  return found;
}

function slugOf(part: string): string {
  return pageOf(part).replace(/^runs\/|\.html$/g, '');
}

const kinds = [
  'experiments-exp-2',
  'experiments-exp-3',
  'experiments-hostile',
  'train-run_3-',
  'eval-1',
  'ledger-train',
];

describe('the page of a run', () => {
  it('is there for every run', () => {
    expect(site.pages.filter((name) => name.startsWith('runs/'))).toHaveLength(1 + trainings + 3 + 4 + 1 + 3);
  });

  it.each(['http', 'file'] as const)(
    'opens over %s without a complaint, whatever was recorded',
    async (way) => {
      const waiting = site.pages.filter((one) => one.startsWith('runs/'));
      const look = async () => {
        const { page, complaints } = await openPage(browser);
        for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
          await page.goto(bases[way]() + name);
          const found = await page.evaluate(async () => {
            // Pictures that are still on their way when the page is left would count as failed.
            await Promise.all([...document.images].map((image) => image.decode()));
            const count = (selector: string) => document.querySelectorAll(selector).length;
            return {
              headings: count('h1'),
              hurt: (globalThis as { hurt?: number }).hurt,
              foreign: count('[href^="javascript" i], [style], main script, iframe, object'),
            };
          });
          expect(found, name).toEqual({ headings: 1, hurt: undefined, foreign: 0 });
        }
        expect(complaints).toEqual([]);
        await page.context().close();
      };
      // Several at a time: nearly all of it is waiting for the browser.
      await Promise.all([look(), look(), look(), look()]);
    },
  );

  it.each(['light', 'dark'] as const)('has nothing for axe to find in %s', async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
    for (const kind of kinds) {
      await page.goto(site.fileAddress + pageOf(kind));
      for (const fold of await page.locator('main summary').all()) await fold.click();
      await page.screenshot({ path: join(outputFolder, `run-${kind}-${colorScheme}.png`), fullPage: true });
      expect(await axeFindings(page), kind).toEqual([]);
    }
    await page.context().close();
  });

  it('fits a narrow screen, also with names of hundreds of letters', async () => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 780 } });
    for (const kind of kinds) {
      await page.goto(site.fileAddress + pageOf(kind));
      await page.screenshot({ path: join(outputFolder, `run-${kind}-narrow.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), kind).toBeLessThanOrEqual(360);
    }
    await page.context().close();
  });

  it('answers the questions in their order, without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site.fileAddress + pageOf('experiments-exp-2'));
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Key metrics',
      'Metrics',
      'Parameters',
      'What produced it',
      'How to repeat it',
      'Artifacts',
      'Course',
      'Actions',
      'Source',
    ]);
    expect(await page.locator('.page-title .lead').first().innerText()).toBe('Completed after 15 minutes.');
    expect(await page.locator('#parameters .field').first().innerText()).toMatch(/lr\s+0\.0333/);
    expect(await page.locator('#metrics .curves').count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator('#metrics').innerText()).toContain('1 value not drawn');
    expect(await page.locator('.neighbours').innerText()).toContain('Before: exp-1');
    await page.goto(site.fileAddress + pageOf('experiments-exp-3'));
    expect(await page.locator('.page-title .lead').first().innerText()).toMatch(/^Failed after 15 minutes/);
    await page.goto(site.fileAddress + pageOf('ledger-train-grid-000'));
    expect(await page.locator('#course .panel-note').innerText()).toBe('two attempts');
    expect(await page.locator('.run-history').innerText()).toMatch(/failed/);
    await page.context().close();
  });

  it('switches a chart to a logarithmic scale without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site.fileAddress + pageOf('experiments-exp-2'));
    const chart = page.locator('.small-chart', { has: page.locator('h3', { hasText: /^lr$/ }) });
    expect(await chart.locator('.scale-log').isVisible()).toBe(false);
    await chart.locator('.log-switch').check();
    expect(await chart.locator('.scale-log').isVisible()).toBe(true);
    expect(await chart.locator('.scale-linear').isVisible()).toBe(false);
    await page.context().close();
  });

  it('shows images, tables and values, and publishes markup as text only', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(server.address + pageOf('experiments-exp-2'));
    const image = page.locator('.picture img');
    await image.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      () => document.querySelector<HTMLImageElement>('.picture img')?.naturalWidth === 64,
    );
    expect(await image.getAttribute('height')).toBe('40');
    await page.locator('.artifact', { hasText: 'confusion.csv' }).locator('summary').click();
    expect(await page.locator('.artifact-table td').allInnerTexts()).toEqual([
      'road',
      '0.9',
      '=cmd|x',
      '0.8',
    ]);
    const copies = readdirSync(join(site.folder, 'data', 'artifacts'), { recursive: true }).map(String);
    expect(copies.filter((name) => /\.(html?|svg|bin|xml|js)$/.test(name))).toEqual([]);
    expect(copies.filter((name) => /report\.html\.txt$|drawing\.svg\.txt$/.test(name))).toHaveLength(8);
    expect(copies.some((name) => name.includes('passwd'))).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads along its lineage', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site.fileAddress + pageOf('eval-1'));
    expect(await page.locator('.relations').innerText()).toMatch(/made from\s+run_1\s+made from\s+run_10/);
    await page.locator('.lineage-graph a', { hasText: 'process' }).click();
    expect(await page.locator('h1').innerText()).toBe('process');
    await page.context().close();
  });
});

describe('the page that shows any run', () => {
  it.each(['http', 'file'] as const)('prints the same as a page of its own, over %s', async (way) => {
    const { page, complaints } = await openPage(browser);
    for (const kind of kinds) {
      const text = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('main h1, main h2, main .lead')].map((one) => one.textContent),
        );
      await page.goto(bases[way]() + pageOf(kind));
      const own = await text();
      await page.goto(`${bases[way]()}run.html?run=${encodeURIComponent(slugOf(kind))}`);
      await page.waitForSelector('daybook-run[data-ready]');
      expect(await text(), kind).toEqual(own);
      expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt), kind).toBeUndefined();
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is where links lead to when a run has no page of its own', async () => {
    expect(few.pages.filter((name) => name.startsWith('runs/'))).toHaveLength(2);
    const { page, complaints } = await openPage(browser, { bypassCSP: true });
    await page.goto(`${few.fileAddress}run.html?run=${encodeURIComponent(slugOf('eval-1'))}`);
    await page.waitForSelector('daybook-run[data-ready]');
    await page.locator('.relations a').first().click();
    await page.waitForSelector('daybook-run[data-ready]');
    expect(await page.locator('h1').innerText()).toBe('run_1');
    await page.goto(`${few.fileAddress}run.html?run=${encodeURIComponent(slugOf('experiments-exp-2'))}`);
    await page.waitForSelector('daybook-run[data-ready]');
    expect(await page.locator('#artifacts').innerText()).toContain('on the pages of the newest 2 runs');
    expect(await page.locator('#actions').innerText()).toContain('The log names it in 1 action.');
    expect(await page.locator('#actions a').getAttribute('href')).toBe(
      'actions.html?run=experiments%2Fexp-2',
    );
    // What axe itself asks for from disk is not the page's doing.
    expect(complaints).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('says so when there is no such run', async () => {
    const { page, complaints } = await openPage(browser);
    for (const name of ['nothing', '__proto__', '<img src=x onerror=alert(1)>']) {
      await page.goto(`${site.fileAddress}run.html?run=${encodeURIComponent(name)}`);
      await page.waitForFunction(() =>
        document.querySelector('[data-said]')?.textContent?.startsWith('This book has no run'),
      );
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('runs side by side', () => {
  it('compares a sensible few without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site.fileAddress}compare-runs.html`);
    expect(await page.locator('.compare-table thead th').count()).toBe(4);
    expect(await page.locator('.compare-table').innerText()).toContain('best');
    expect(await page.locator('#curves .curves').count()).toBeGreaterThanOrEqual(3);
    expect(existsSync(join(site.folder, 'compare-runs.html'))).toBe(true);
    await page.context().close();
  });

  it.each(['http', 'file'] as const)('shows what differs of the chosen ones over %s', async (way) => {
    const { page, complaints } = await openPage(browser);
    const chosen = ['train-run_3-', 'train-run_4-', 'eval-1'].map(slugOf);
    await openCompare(page, `${bases[way]()}compare-runs.html?runs=${chosen.join(',')},nothing`);
    expect(await names(page)).toEqual(['run_3', 'run_4', '1']);
    expect(await page.locator('[data-trouble]').innerText()).toBe('Not in this book: nothing');
    expect(await rows(page)).toContain('opt.name');
    expect(await rows(page)).not.toContain('main: files');
    await page.locator('[data-all]').check();
    await page.waitForFunction(() => document.body.textContent?.includes('main: files'));
    await page.locator('[data-remove]').last().click();
    await page.waitForFunction(() => document.querySelectorAll('.compare-table thead th').length === 2);
    await page.locator('[data-add]').selectOption(slugOf('experiments-exp-2'));
    await page.waitForFunction(() => document.querySelectorAll('.compare-table thead th').length === 3);
    await page.reload();
    await page.waitForSelector('[data-ready]');
    expect(await names(page)).toEqual(['run_3', 'run_4', 'exp-2']);
    expect(await page.locator('[data-all]').isChecked()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing for axe to find in %s, and fits a narrow screen',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
      const chosen = [
        'experiments-exp-0',
        'experiments-exp-1',
        'experiments-exp-2',
        'experiments-exp-3',
        'experiments-hostile',
      ].map(slugOf);
      await openCompare(page, `${site.fileAddress}compare-runs.html?runs=${chosen.join(',')}&all=1`);
      await page.screenshot({ path: join(outputFolder, `compare-runs-${colorScheme}.png`), fullPage: true });
      expect(await axeFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 780 });
      await page.screenshot({ path: join(outputFolder, 'compare-runs-narrow.png') });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
      await page.context().close();
    },
  );
});

async function openCompare(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForSelector('daybook-compare-runs[data-ready]');
}

async function names(page: Page): Promise<string[]> {
  return page.locator('.compare-table thead th a').allInnerTexts();
}

async function rows(page: Page): Promise<string[]> {
  return page.locator('.compare-table th[scope=row]').allInnerTexts();
}
