import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaybookBook, type Experiment, openBook } from '../../collector/index.ts';
import { commandLine } from '../command-line.ts';
import { python, pythonEnv } from '../process/python.ts';
import { axeFindings, openPage, startBrowser } from './site.ts';
import { serveStatic } from './static-server.ts';

let root: string;
let serving: ChildProcess;
let url: string;
let browser: Browser;
let book: DaybookBook;
const experiments: Partial<Record<string, Experiment>> = {};

/** What a page shows of a metric: its last value and how many points it has. */
async function shown(page: Page, metric: string, cell: number): Promise<string> {
  return page.locator(`#metrics tr[data-metric="${metric}"] td:nth-of-type(${cell})`).innerText();
}

const slugOf = (name: string) =>
  readdirSync(join(root, 'dashboard/runs')).find((file) => file.startsWith(`runs-${name}-`))!;

async function log(run: string, step: number, loss: number): Promise<void> {
  await experiments[run]!.metric({ loss }, { step });
}

/** A build takes its time on a busy machine, and the one that is wished comes after the one that goes on. */
const patience = 90_000;

/** Reloads as the page says, until something is there: a build that had begun before is told of as well. */
async function reloadUntil(page: Page, wanted: Locator): Promise<void> {
  const isThere = () =>
    wanted
      .first()
      .waitFor({ timeout: 4000 })
      .then(
        () => true,
        () => false,
      );
  while (!(await isThere()))
    await Promise.all([
      page.waitForEvent('load', { timeout: patience }),
      page.locator('.live-news[data-newer] button').click({ timeout: patience }),
    ]);
}

describe('pages that daybook serve shows', () => {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'daybook-followed-'));
    mkdirSync(join(root, 'snapshots'));
    writeFileSync(join(root, 'daybook.yaml'), 'title: Live\n');
    book = await openBook(root);
    for (const name of [...'abcd', ...Array.from({ length: 16 }, (_, at) => `other${at}`)]) {
      experiments[name] = await book.experiments.start(`runs/${name}`);
      if (name === 'c') continue;
      for (let step = 0; step < 3; step++) await log(name, step, (name === 'a' ? 1 : 3) / (step + 1));
    }
    serving = spawn(process.execPath, [commandLine, 'serve', '--port', '0', '--json', '--dir', root], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said] = (await once(createInterface({ input: serving.stdout! }), 'line')) as [string];
    url = (JSON.parse(said) as { url: string }).url;
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await book?.close();
    if (serving?.exitCode === null) {
      serving.kill('SIGKILL');
      await once(serving, 'exit');
    }
    rmSync(root, { recursive: true, force: true });
  });

  it('show a point in table and curve as soon as it is logged, in TypeScript or Python, without a build', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('a')}`);
    await page.waitForSelector('html[data-live]');
    const curve = page.locator('#metrics .curve-card[data-metric="loss"] path.curve').first();
    const before = await curve.getAttribute('d');
    await log('a', 3, 0.0625);
    await expect.poll(() => shown(page, 'loss', 2)).toBe('0.0625');
    expect(await shown(page, 'loss', 3)).toBe('4');
    expect(await page.locator('#key-metrics .key-value').first().innerText()).toContain('0.0625');
    await expect.poll(() => curve.getAttribute('d')).not.toBe(before);
    if (python !== undefined) {
      const program =
        'import daybook, os\nrun = daybook.Run("runs/a", join=True)\nrun.log(loss=0.03125, speed=7, step=4)';
      spawn(python, ['-c', program], { cwd: root, env: pythonEnv(), stdio: 'inherit' });
      await expect.poll(() => shown(page, 'loss', 2), { timeout: 10_000 }).toBe('0.03125');
      expect(await shown(page, 'speed', 2)).toBe('7');
    }
    expect(await page.locator('[data-newer]').count()).toBe(0);
    expect(await page.locator('.live-state').innerText()).toBe('live');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('keep what was chosen while points come: zoom, smoothing, the place that is read', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('b')}?smooth=0.5&zoom=step:0..2.5`);
    await page.waitForSelector('html[data-live]');
    await page.waitForSelector('daybook-curves[data-ready]');
    const card = page.locator('#metrics .curve-card[data-metric="loss"]');
    await card.locator('.curve-surface').hover();
    await card.locator('.curve-tip table').waitFor();
    const drawn = () => card.locator('.curves-plot').innerHTML();
    const before = await drawn();
    await log('b', 3, 0.25);
    await expect.poll(() => shown(page, 'loss', 3)).toBe('4');
    await expect.poll(drawn).not.toBe(before);
    expect(await card.locator('.curve-tip table').isVisible()).toBe(true);
    expect(await card.locator('.x-axis').textContent()).not.toContain('3');
    expect(new URL(page.url()).search).toBe('?smooth=0.5&zoom=step:0..2.5');
    await page.getByRole('button', { name: 'Whole range' }).click();
    await expect.poll(() => card.locator('.x-axis').textContent()).toContain('3');
    expect(await page.locator('.curve-amount').innerText()).toBe('0.50');
    await log('b', 4, Number.NaN);
    await expect.poll(() => shown(page, 'loss', 2)).toBe('NaN');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draw a chart for what was not measured yet when the page was made', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('c')}`);
    await page.waitForSelector('html[data-live]');
    expect(await page.locator('daybook-curves').count()).toBe(0);
    for (const step of [0, 1]) await experiments.c!.metric({ acc: step }, { step });
    await page.locator('daybook-curves[data-ready] [data-metric="acc"] .curve-surface').waitFor();
    for (const step of [2, 3]) await experiments.c!.metric({ acc: step, recall: step }, { step });
    await page.locator('daybook-curves [data-metric="recall"] .curve-surface path.curve').waitFor();
    await expect.poll(() => shown(page, 'acc', 3)).toBe('4');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('begin anew where the file was replaced', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('d')}`);
    await page.waitForSelector('html[data-live]');
    await page.waitForSelector('daybook-curves[data-ready]');
    const file = join(root, 'runs/d/metrics.jsonl');
    writeFileSync(`${file}.new`, '{"step":0,"loss":9}\n{"step":1,"loss":8}\n');
    renameSync(`${file}.new`, file);
    await expect.poll(() => shown(page, 'loss', 3)).toBe('2');
    truncateSync(file, 0);
    appendFileSync(file, '{"step":0,"loss":7}\n{"step":1,"loss":6}\n{"step":2,"loss":5}\n');
    await expect.poll(() => shown(page, 'loss', 2)).toBe('5');
    expect(await shown(page, 'loss', 3)).toBe('3');
    await page.close();
  });

  it('show last values in the table of runs and on the Overview', async () => {
    const pages = await Promise.all(
      ['runs.html', 'index.html'].map(async (name) => {
        const opened = await openPage(browser);
        await opened.page.goto(url + name);
        await opened.page.waitForSelector('html[data-live]');
        return opened;
      }),
    );
    const [runs, overview] = pages.map(({ page }) => page) as [Page, Page];
    const listed = await overview.locator('li[data-run]').first().getAttribute('data-run');
    await log(/^runs-(\w+)-/.exec(listed!)![1]!, 5, 0.015625);
    await expect
      .poll(() => runs.locator('.grid-window').first().innerText(), { timeout: 10_000 })
      .toContain('0.01563');
    await expect
      .poll(() => overview.locator('li[data-run] [data-live]').allInnerTexts())
      .toContainEqual(expect.stringContaining('step 5, loss 0.01563'));
    for (const { page, complaints } of pages) {
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  it('ask for nothing when they are served by anything else', async () => {
    const elsewhere = await serveStatic(join(root, 'dashboard'), true);
    const { page, complaints } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const address of [elsewhere.address, `file://${join(root, 'dashboard')}/`]) {
      await page.goto(`${address}runs/${slugOf('a')}`);
      await page.goto(`${address}index.html`);
      await page.waitForLoadState('networkidle');
    }
    expect(asked.filter((one) => /events|daybook-live/.test(one))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
    await elsewhere.close();
  });

  it('say what is new: actions and runs, without moving anything, and that is there when they are asked for again', async () => {
    const pages = await Promise.all(
      ['runs.html?sort=name', 'index.html', 'actions.html'].map(async (name) => {
        const opened = await openPage(browser);
        await opened.page.goto(url + name);
        await opened.page.waitForSelector('html[data-live]');
        return opened;
      }),
    );
    const [runs, overview, actions] = pages.map(({ page }) => page) as [Page, Page, Page];
    const corner = '.live-news summary';
    await book.actions.append({ type: 'deploy', details: { target: 'production' } });
    await expect.poll(() => actions.locator(corner).innerText(), { timeout: 10_000 }).toBe('1 new action');
    await actions.locator(corner).click();
    expect(await actions.locator('.live-news-list').innerText()).toContain('deploy production');
    experiments.late = await book.experiments.start('runs/late');
    await log('late', 7, 0.5);
    await expect.poll(() => runs.locator(corner).innerText(), { timeout: 15_000 }).toBe('1 new run');
    await expect
      .poll(() => overview.locator(corner).innerText(), { timeout: 15_000 })
      .toBe('1 new action, 1 new run');
    await runs.locator(corner).click();
    await expect.poll(() => runs.locator('.live-news-list').innerText()).toContain('step 7, loss 0.5');
    await reloadUntil(runs, runs.locator('.grid-window').first().getByText('late'));
    expect(new URL(runs.url()).search).toBe('?sort=name');
    expect(await axeFindings(overview)).toEqual([]);
    for (const { page, complaints } of pages) {
      expect(complaints).toEqual([]);
      await page.close();
    }
  }, 300_000);

  it('say how a run ended, and that there is a newer state when the book was built again', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('a')}`);
    await page.waitForSelector('html[data-live]');
    await experiments.a!.fail('out of memory');
    await expect
      .poll(() => page.locator('[data-ended]').innerText(), { timeout: 10_000 })
      .toMatch(/^Failed after/);
    await reloadUntil(page, page.locator('.run-error'));
    expect(await page.locator('.run-error').allInnerTexts()).toEqual(['out of memory']);
    await page.close();
  }, 300_000);

  it('end with the server, which ends at once however many listen', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}runs/${slugOf('b')}`);
    await page.waitForSelector('html[data-live]');
    appendFileSync(join(root, 'runs/b/metrics.jsonl'), '{"loss"');
    const exit = once(serving, 'exit');
    serving.kill('SIGINT');
    expect((await exit)[0]).toBe(0);
    await page.waitForSelector('html:not([data-live])');
    expect(await page.locator('.live-state').innerText()).toBe('connection lost, trying again');
    await page.close();
  });
});
