import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRunBook } from './run-book.ts';
import { writeEmptyBook } from './sample-book.ts';
import {
  axeFindings,
  buildSample,
  openPage,
  outputFolder,
  type Site,
  sharedSample,
  startBrowser,
} from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

const total = 48;

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
type Way = keyof typeof bases;

describe.each(['http', 'file'] as const)('the page of runs over %s', (way) => {
  it('narrows by conditions, and says in words what is wrong with one', async () => {
    const { page, complaints } = await openRuns(way);
    expect(await count(page)).toBe(`${total} recorded`);
    await ask(page, 'iou >= 0.65 AND status = completed', `${total} recorded, 2 match`);
    expect(await names(page)).toEqual(['exp-2', 'exp-1']);
    await ask(page, 'loss < 0.3 OR NOT (status != failed)', `${total} recorded, 2 match`);
    await page.fill('[data-search]', 'iuo > 0.5');
    await page.waitForSelector('.runs-filter-problem');
    expect(await page.locator('#run-filter-said').innerText()).toBe(
      'Expected a field of these runs at character 1, found "iuo"; did you mean iou?',
    );
    expect(await page.locator('[data-search]').getAttribute('aria-invalid')).toBe('true');
    await page.locator('[data-search]').press('Escape');
    await page.waitForFunction(
      (text) => document.querySelector('[data-count]')?.textContent === text,
      `${total} recorded`,
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('chooses by facets, and shows what differs among what is left', async () => {
    const { page, complaints } = await openRuns(way);
    await page.locator('[data-facet=identifier] button', { hasText: 'results/train' }).click();
    expect(await count(page)).toBe(`${total} recorded, 36 match`);
    expect(await heads(page)).toEqual([
      'Run',
      'Status',
      'Started (UTC)',
      'lr (parameter)',
      'opt.name',
      'Receipt',
    ]);
    await page.locator('[data-chips] button').click();
    await page.locator('[data-facet=status] button', { hasText: 'failed' }).click();
    expect(await names(page)).toEqual(['exp-3']);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('keeps the whole view in the address: condition, order, columns, choice', async () => {
    const { page } = await openRuns(way);
    await ask(page, 'tag = keep', `${total} recorded, 4 match`);
    // The name says that less is better: the best comes first at the first click, and is marked.
    await page.locator('[data-sort="metric.loss"]').click();
    expect(await page.locator('[aria-sort=ascending]').innerText()).toContain('loss');
    expect((await page.locator('.cell-best').allTextContents()).sort()).toEqual(['0.3, best', '0.7, best']);
    // A failed run never comes first unless that is asked for.
    expect(await names(page)).toEqual(['exp-2', 'exp-1', 'exp-0', 'exp-3']);
    expect(await page.locator('[data-order]').innerText()).toContain(
      '1 run that failed or stopped stands behind',
    );
    await page.getByRole('button', { name: 'Sort them in' }).click();
    await page.getByRole('button', { name: 'Put them behind' }).waitFor();
    expect(await names(page)).toEqual(['exp-3', 'exp-2', 'exp-1', 'exp-0']);
    await page.locator('.grid-window .row').nth(1).locator('.cell-pick').click();
    await page.locator('.grid-window .row').nth(3).locator('.cell-pick').click();
    const link = page.locator('[data-compare] a');
    expect(await link.innerText()).toBe('Compare 2 runs');
    const href = await link.getAttribute('href');
    expect(href).toMatch(/^compare-runs\.html\?runs=experiments-exp-2[\w-]*,experiments-exp-0[\w-]*$/);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.locator('.chooser-choice', { hasText: 'epochs' }).locator('input').check();
    await page.keyboard.press('Escape');
    const [shown, order] = [await heads(page), await names(page)];
    expect(shown).toContain('epochs');
    await page.reload();
    await ready(page);
    expect([await heads(page), await names(page)]).toEqual([shown, order]);
    expect(await page.locator('[data-compare] a').getAttribute('href')).toBe(href);
    await page.locator('[data-compare] a').click();
    await page.waitForLoadState();
    expect(page.url()).toContain('compare-runs.html?runs=');
    await page.context().close();
  });

  it('gathers runs with the same values, opens a group, and keeps both in the address', async () => {
    const { page, complaints } = await openRuns(way, '?where=tag+%3D+keep');
    await page.getByRole('button', { name: 'Group by' }).click();
    await page.locator('.chooser-choice', { hasText: 'Identifier' }).locator('input').check();
    await page.keyboard.press('Escape');
    const groups = page.locator('[role=treegrid]');
    await groups.locator('.row-group').first().waitFor();
    const cells = () => groups.locator('.row-group').first().locator('[role=gridcell]').allInnerTexts();
    expect((await cells()).map((text) => text.trim()).slice(1, 5)).toEqual([
      'experiments',
      '3',
      '1 failed',
      '0.35 ± 0.05',
    ]);
    expect(await page.locator('[data-order]').innerText()).toContain('mean ± sample deviation');
    await groups.locator('.row-group').first().click();
    await groups.locator('.run-link').nth(3).waitFor();
    expect(await groups.locator('.run-link').allInnerTexts()).toEqual(['exp-2', 'exp-1', 'exp-0', 'exp-3']);
    // Keys close and open it, and a run of it can be chosen.
    await groups.focus();
    await page.keyboard.press('ArrowLeft');
    await groups.locator('[aria-expanded=true]').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await groups.locator('.run-link').first().waitFor();
    await groups.locator('.row').nth(2).locator('.cell-pick').click();
    await groups.locator('.row-picked').waitFor();
    // Over file:// the checker asks for style sheets itself, and the browser complains.
    if (way === 'http') expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await ready(page);
    expect(await groups.locator('.run-link').count()).toBe(4);
    expect(await groups.locator('.row-picked').count()).toBe(1);
    await groups.locator('[data-sort="metric.iou"]').click();
    await groups.locator('[aria-sort=descending]').waitFor();
    await page.getByRole('button', { name: 'Group by' }).click();
    await page.getByRole('button', { name: 'No groups' }).click();
    await page.locator('[role=grid] .run-link').first().waitFor();
    expect(page.url()).not.toMatch(/group=|open=/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads from a row to the page of its run', async () => {
    const { page, complaints } = await openRuns(way, '?where=name+%3D+exp-2');
    await page.locator('.run-link').first().click();
    await page.waitForLoadState();
    expect(page.url()).toContain('/runs/experiments-exp-2');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('columns', () => {
  it('are found by name, put in order, and go back to what differs', async () => {
    const { page } = await openRuns('file', '?identifier=experiments');
    const before = await heads(page);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Find in Columns').fill('mod');
    expect(await page.locator('.chooser-choice').allInnerTexts()).toEqual([expect.stringContaining('model')]);
    await page.locator('.chooser-choice input').check();
    await page.locator('[aria-label="model: earlier"]').click();
    const after = await heads(page);
    expect(after.indexOf('model')).toBe(after.length - 2);
    await page.getByRole('button', { name: 'Back to what differs' }).click();
    expect(await heads(page)).toEqual(before);
    expect(page.url()).not.toContain('col=');
    await page.context().close();
  });
});

describe('the charts of runs', () => {
  it('filter by a brush on an axis, and the chip takes it back', async () => {
    const { page, complaints } = await openRuns('file', '?tag=keep');
    const axis = page.locator('.parallel .axis', { has: page.locator('line') }).last();
    const box = (await axis.locator('line').boundingBox())!;
    await page.mouse.move(box.x, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x, box.y + box.height * 0.45, { steps: 4 });
    await page.mouse.up();
    expect(Number(/(\d+) match/.exec(await count(page))?.[1])).toBeLessThan(4);
    expect(await page.locator('.axis-brush').count()).toBe(1);
    expect(page.url()).toContain('brush=');
    const matching = await count(page);
    await page.reload();
    await ready(page);
    expect(await count(page)).toBe(matching);
    await page.locator('[data-chips] button').last().click();
    expect(await count(page)).toBe(`${total} recorded, 4 match`);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('take other axes, another colour and a logarithmic scale', async () => {
    const { page, complaints } = await openRuns('file');
    await page.getByLabel('Up', { exact: true }).selectOption({ label: 'iou' });
    await page.getByLabel('Across', { exact: true }).selectOption({ label: 'lr (parameter)' });
    const log = page.getByRole('button', { name: 'log scale across' });
    expect(await log.getAttribute('aria-pressed')).toBe('false');
    await log.click();
    expect(await log.getAttribute('aria-pressed')).toBe('true');
    await page.getByLabel('Colour').selectOption({ label: 'loss' });
    expect(await page.locator('.runs-charts .legend').innerText()).toMatch(/loss[\s\S]*0\.\d+ to 0\.\d+/);
    expect(page.url()).toMatch(/colour=metric\.loss.*log=param\.lr/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('every way of reading', () => {
  it('is complete without scripts', async () => {
    const { page } = await openRuns('file', '', { javaScriptEnabled: false });
    expect(await page.locator('.run-table tbody tr').count()).toBe(total);
    expect(await page.locator('[data-facet=status]').innerText()).toMatch(/failed\s+1/);
    expect(await page.locator('.runs-facts').innerText()).toContain('1 run failed, the newest exp-3');
    expect(await page.locator('svg.parallel path').count()).toBeGreaterThan(0);
    expect(await page.locator('.runs-scatter .point').count()).toBeGreaterThan(3);
    expect(await page.locator('.grid-frame:visible').count()).toBe(0);
    expect(await page.locator('.runs-lists').innerText()).toContain('CUDA out of memory');
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has nothing for axe to find in %s', async (colorScheme) => {
    const { page } = await openRuns('file', '?identifier=experiments', { colorScheme, bypassCSP: true });
    for (const row of [0, 1]) await page.locator('.grid-window .row').nth(row).locator('.cell-pick').click();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.screenshot({ path: join(outputFolder, `runs-${colorScheme}.png`) });
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('is worked by keyboard: / finds, arrows move, the space bar chooses, Enter opens', async () => {
    const { page } = await openRuns('file');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('run-filter');
    await page.keyboard.type('tag = keep');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (text) => document.querySelector('[data-count]')?.textContent === text,
      `${total} recorded, 4 match`,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await page.waitForSelector('.row-picked');
    expect(await page.locator('.row-picked').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForURL(/runs\/experiments-exp-/);
    await page.context().close();
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    const { page } = await openRuns('file', '', { viewport: { width: 360, height: 780 } });
    await page.screenshot({ path: join(outputFolder, 'runs-narrow.png'), fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.context().close();
  });

  it('takes any address for a question, at worst one without answer', async () => {
    for (const [query, said] of [
      ['?where=lr+%3C', `${total} recorded`],
      ['?status=__proto__&tag=constructor', `${total} recorded, 0 match`],
      ['?sort=-__proto__&col=__proto__&axis=nope&x=nope', `${total} recorded`],
      ['?brush=%5B1%5D&brush=zzz&brush=%5B%22param.lr%22,null%5D', `${total} recorded`],
      ['?tag=__proto__', `${total} recorded, 1 match`],
      ['?where=__proto__+%3D+1', `${total} recorded, 1 match`],
      ['?run=nobody', `${total} recorded`],
    ] as const) {
      const { page, complaints } = await openRuns('file', query);
      expect([query, await count(page)]).toEqual([query, said]);
      expect([query, complaints]).toEqual([query, []]);
      expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
      await page.context().close();
    }
  });

  it('says in an empty book what to do next', async () => {
    const empty = await sharedSample('empty', writeEmptyBook);
    const { page, complaints } = await openPage(browser);
    await page.goto(`${empty.fileAddress}runs.html`);
    expect(await page.locator('.empty').innerText()).toContain('npx daybook lock');
    await page.screenshot({ path: join(outputFolder, 'empty-runs.png') });
    expect(complaints).toEqual([]);
    await page.context().close();
    empty.remove();
  });
});

describe('a hundred thousand runs', () => {
  it('are one table with few rows in the document, sorted and filtered whole', async () => {
    const many = await buildSample((root) => writeLedger(root, 100_000));
    const { page, complaints } = await openPage(browser);
    await page.goto(`${many.fileAddress}runs.html`);
    await ready(page);
    expect(await count(page)).toBe('100,000 recorded');
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      () => document.querySelector('[aria-selected=true]')?.getAttribute('aria-rowindex') === '100001',
    );
    expect(await page.locator('.grid-window .row').count()).toBeLessThan(60);
    expect(await page.locator('.parallel path').count()).toBeLessThan(400);
    await ask(page, 'status = failed AND duration > 60s', '100,000 recorded, 3,900 match');
    await page.locator('[data-sort=duration]').click();
    await page.waitForFunction(
      () => document.querySelector('.grid-window .row')?.textContent?.endsWith('1 min 39 s') === true,
    );
    expect(await page.locator('.run-link').first().getAttribute('href')).toMatch(/^run\.html\?run=/);
    expect(complaints).toEqual([]);
    await page.context().close();
    many.remove();
  }, 240_000);
});

async function openRuns(
  way: Way,
  query = '',
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${bases[way]()}runs.html${query}`);
  if (options.javaScriptEnabled !== false) await ready(opened.page);
  return opened;
}

async function ready(page: Page): Promise<void> {
  await page.waitForSelector('daybook-runs[data-ready]', { timeout: 20_000 });
}

async function ask(page: Page, condition: string, said: string): Promise<void> {
  await page.fill('[data-search]', condition);
  await page.waitForFunction((text) => document.querySelector('[data-count]')?.textContent === text, said);
}

async function count(page: Page): Promise<string> {
  return page.locator('[data-count]').innerText();
}

/** Names of the runs shown, from the top. */
async function names(page: Page): Promise<string[]> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return page.locator('.grid-window .row:not([hidden]) .run-link').allInnerTexts();
}

async function heads(page: Page): Promise<string[]> {
  return page.locator('[data-head] .sort-label').allInnerTexts();
}

/** A ledger of that many runs, every tenth failed; they take 0 to 99 seconds. */
function writeLedger(root: string, runs: number): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  writeFileSync(join(root, 'daybook.yaml'), 'site:\n  runPages: 5\n');
  const groups: Record<string, Record<string, object>> = {};
  for (let number = 0; number < runs; number++) {
    const startMs = Date.UTC(2026, 0, 1) + number * 60_000;
    const at = (ms: number) => new Date(startMs + ms).toISOString().replace('Z', '000');
    const took = (number % 100) * 1000;
    const ended = Math.floor(number / 100) % 10 === 0 ? 'error' : 'done';
    groups[`group-${Math.floor(number / 1000)}`] ??= {};
    groups[`group-${Math.floor(number / 1000)}`]![String(number % 1000).padStart(3, '0')] = {
      status: ended,
      param_hash: null,
      files: {},
      timestamp_status_lst: [
        [at(0), 'running'],
        [at(took), ended],
      ],
    };
  }
  writeFileSync(join(root, 'metadata.json'), JSON.stringify({ train: groups }));
}
