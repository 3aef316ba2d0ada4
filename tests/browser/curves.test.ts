import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, buildSample, openPage, outputFolder, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

let browser: Browser;
let site: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample(writeCurveBook);
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
});

const bases = { http: () => server.address, file: () => site.fileAddress };

/** Three runs: 200 steps, twenty of them an epoch, one a second; the machine measured at other times. */
function writeCurveBook(root: string): void {
  for (let number = 0; number < 3; number++) {
    const startMs = Date.UTC(2026, 10, 20, 9 + number);
    const lines = Array.from({ length: 200 }, (_, step) => {
      const time = new Date(startMs + step * 1000).toISOString();
      const loss = 2 / (1 + step) + 0.1 * number + (step % 2) * 0.05;
      const point = {
        step,
        epoch: Math.floor(step / 20),
        time,
        loss,
        shift: step - 100,
        accuracy: step / 200,
      };
      const machine = { time, 'system/cpu': 50 + (step % 10) };
      return [JSON.stringify(point), ...(step % 5 === 0 ? [JSON.stringify(machine)] : [])];
    });
    const place = join(root, 'experiments', `exp-${number}`);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    };
    write('metrics/metrics.jsonl', `${lines.flat().join('\n')}\n${number === 2 ? longLines() : ''}`);
    write(
      'experiment_tracker.json',
      JSON.stringify({
        experiment_id: `exp-${number}`,
        experiment_name: 'unet',
        status: 'completed',
        timestamp: new Date(startMs).toISOString(),
        best_metrics: { accuracy: number === 0 ? 0.99 : 0.5 },
        metric_files: ['metrics/metrics.jsonl'],
      }),
    );
  }
  mkdirSync(join(root, 'snapshots'), { recursive: true });
}

const longSteps = 200_000;

/** Behind the steps of the others, and all over the place: extremes of stretches are near 0 and 1, and nothing else is drawn of all of it. */
const longValue = (step: number) => ((step * 7919) % 100_003) / 100_003;

function longLines(): string {
  return Array.from({ length: longSteps }, (_, at) => at + 200)
    .map((step) => `{"step":${step},"long":${longValue(step)}}\n`)
    .join('');
}

function runPage(number: number): string {
  return site.pages.find((name) => name.includes(`exp-${number}`)) ?? 'missing';
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForSelector('daybook-curves[data-ready]');
  await page.waitForSelector('.curve-surface .curves-over');
}

const cardOf = (page: Page, metric: string) => page.locator(`.curve-card[data-metric="${metric}"]`);

/** The place of a share of the way across a chart, in its middle. */
async function across(page: Page, metric: string, share: number): Promise<{ x: number; y: number }> {
  const plot = cardOf(page, metric).locator('.curves-plot');
  await plot.scrollIntoViewIfNeeded();
  const box = (await plot.boundingBox())!;
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

async function pointAt(page: Page, metric: string, share: number): Promise<void> {
  const { x, y } = await across(page, metric, share);
  await page.mouse.move(x, y);
}

async function zoom(page: Page, metric: string, from: number, to: number): Promise<void> {
  const [start, end] = [await across(page, metric, from), await across(page, metric, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, end.y);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

const ticks = (page: Page, metric: string) => cardOf(page, metric).locator('.x-axis text').allTextContents();

describe.each(['http', 'file'] as const)('the curves of a run over %s', (way) => {
  it('show the values of all charts at the place of the pointer', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, bases[way]() + runPage(1));
    await pointAt(page, 'loss', 100 / 199);
    await page.waitForSelector('.curve-tip:not([hidden])');
    const tip = cardOf(page, 'loss').locator('.curve-tip');
    expect(await tip.locator('caption').innerText()).toBe('step 100');
    expect(await tip.locator('.number').innerText()).toBe('0.1198');
    expect(await cardOf(page, 'accuracy').locator('.curve-reading').innerText()).toBe('0.5');
    expect(await page.locator('.curve-cross').count()).toBeGreaterThanOrEqual(3);
    // What the machine did is at the same moment, on an axis of its own.
    await cardOf(page, 'system/cpu').scrollIntoViewIfNeeded();
    expect(await cardOf(page, 'system/cpu').locator('.curves-across').innerText()).toBe('time');
    await pointAt(page, 'system/cpu', 0.5);
    await page.waitForFunction(() =>
      /min|s/.test(
        document.querySelector('[data-metric="system/cpu"] .curve-tip caption')?.textContent ?? '',
      ),
    );
    await page.mouse.move(0, 0);
    await page.waitForFunction(() => document.querySelectorAll('.curve-cross').length === 0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('zoom together where a stretch is dragged, and back', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, bases[way]() + runPage(1));
    expect(await ticks(page, 'accuracy')).toContain('0');
    await zoom(page, 'loss', 0.25, 0.5);
    await page.waitForFunction(() => location.href.includes('zoom=step:'));
    for (const metric of ['loss', 'accuracy', 'shift']) {
      const shown = await ticks(page, metric);
      expect(shown, metric).toContain('80');
      expect(shown, metric).not.toContain('0');
    }
    // The machine's charts have another axis; they are drawn once they are in view.
    await cardOf(page, 'system/cpu').scrollIntoViewIfNeeded();
    await expect.poll(() => ticks(page, 'system/cpu')).toContain('0');
    await page.reload();
    await page.waitForSelector('daybook-curves[data-ready]');
    await page.waitForFunction(
      () => !document.querySelector('[data-metric="loss"] .x-axis')?.textContent?.startsWith('0'),
    );
    await cardOf(page, 'loss').locator('.curve-surface').focus();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !location.href.includes('zoom'));
    expect(await ticks(page, 'loss')).toContain('0');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('are smoothed with the values pale behind, on the axis that is asked for, and the address says so', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, `${bases[way]()}${runPage(1)}`);
    const path = () => cardOf(page, 'loss').locator('path.curve:not(.curve-pale)').first().getAttribute('d');
    const rough = await path();
    await page.locator('.curve-tools input[type=range]').fill('0.9');
    await page.waitForSelector('[data-metric="loss"] .curve-pale');
    expect(await path()).not.toBe(rough);
    expect(await cardOf(page, 'loss').locator('.curve-pale').first().getAttribute('d')).toBe(rough);
    await page.locator('.curve-tools select').first().selectOption('epoch');
    await page.waitForFunction(
      () => document.querySelector('[data-metric="loss"] .curves-across')?.textContent === 'epoch',
    );
    expect(await ticks(page, 'loss')).toContain('8');
    await cardOf(page, 'loss').getByLabel('logarithmic scale').check();
    await page.waitForFunction(
      () =>
        /x=epoch/.test(location.href) && /smooth=0\.9/.test(location.href) && /log=loss/.test(location.href),
    );
    expect(await cardOf(page, 'shift').locator('.small-head').innerText()).toContain(
      'no log: values at or below zero',
    );
    await page.reload();
    await page.waitForSelector('[data-metric="loss"] .curve-pale');
    expect(await cardOf(page, 'loss').locator('.curves-across').innerText()).toBe('epoch');
    expect(await cardOf(page, 'loss').getByLabel('logarithmic scale').isChecked()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe.each(['http', 'file'] as const)('a curve of two hundred thousand points over %s', (way) => {
  it('has its exact values where a reader looks closer, and reads no more than those', async () => {
    const { page, complaints } = await openPage(browser);
    const read: number[] = [];
    page.on('response', async (response) => {
      if (response.url().includes('/metrics-')) read.push(Number(response.headers()['content-length']));
    });
    await open(page, bases[way]() + runPage(2));
    const card = cardOf(page, 'long');
    await card.scrollIntoViewIfNeeded();
    await card.getByText('of 200,000 points drawn, lowest and highest of each stretch; zoom in').waitFor();
    expect(read).toEqual([]);
    await page.goto(`${bases[way]()}${runPage(2)}?zoom=step:150000..150026`);
    await page.waitForSelector('daybook-curves[data-ready]');
    await card.scrollIntoViewIfNeeded();
    await card.getByText('exact values: all 27 points of this range').waitFor();
    await pointAt(page, 'long', 0.5);
    await page.waitForSelector('.curve-tip:not([hidden])');
    await card.screenshot({ path: join(outputFolder, `exact-${way}.png`) });
    expect(await card.locator('.curve-tip caption').innerText()).toBe('step 150,013');
    expect(await card.locator('.curve-tip .number').innerText()).toBe(String(longValue(150_013)));
    if (way === 'http') {
      const [entry] = readdirSync(join(site.folder, 'data/runs')).filter((name) =>
        /^metrics-.*parquet$/.test(name),
      );
      const bytes = statSync(join(site.folder, 'data/runs', entry!)).size;
      expect(read.length).toBeGreaterThan(0);
      expect(read.reduce((sum, part) => sum + part, 0)).toBeLessThan(bytes * 0.6);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('the curves of a run', () => {
  it('answer to keys', async () => {
    const { page } = await openPage(browser);
    await open(page, server.address + runPage(1));
    const surface = cardOf(page, 'accuracy').locator('.curve-surface');
    await surface.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForFunction(() =>
      document
        .querySelector('[data-metric="accuracy"] .curve-surface')
        ?.getAttribute('aria-valuetext')
        ?.startsWith('step 11'),
    );
    expect(await surface.getAttribute('aria-valuetext')).toBe('step 11: 0.055');
    expect(await surface.getAttribute('aria-valuenow')).toBe('11');
    await page.keyboard.press('+');
    await page.waitForFunction(() => location.href.includes('zoom=step:'));
    await page.keyboard.press('-');
    await page.waitForFunction(() => !location.href.includes('zoom='));
    await page.context().close();
  });

  it('answer to fingers: one reads, two choose a stretch', async () => {
    const { page } = await openPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await open(page, server.address + runPage(1));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const { x, y } = await across(page, 'loss', 0.5);
    await page.touchscreen.tap(x, y);
    await page.waitForSelector('[data-metric="loss"] .curve-tip:not([hidden])');
    const [left, right] = [await across(page, 'loss', 0.3), await across(page, 'loss', 0.6)];
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map((point, id) => ({ ...point, id })),
      });
    await touch('touchStart', [left, { ...left, x: left.x + 10 }]);
    await touch('touchMove', [left, right]);
    await touch('touchEnd', []);
    await page.waitForFunction(() => location.href.includes('zoom=step:'));
    await page.screenshot({ path: join(outputFolder, 'curves-narrow.png') });
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'have nothing for axe to find in %s, alone and side by side',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
      for (const name of [runPage(1), 'compare-runs.html']) {
        await open(page, `${server.address}${name}?smooth=0.8`);
        await pointAt(page, 'loss', 0.4);
        await page.waitForSelector('.curve-tip:not([hidden])');
        await page.screenshot({
          path: join(outputFolder, `curves-${name.slice(0, 7).replace('/', '-')}-${colorScheme}.png`),
        });
        expect(await axeFindings(page), name).toEqual([]);
      }
      await page.context().close();
    },
  );

  it('are whole without scripts, and as large', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site.fileAddress + runPage(1));
    const plot = cardOf(page, 'loss').locator('.curves-plot');
    expect((await plot.boundingBox())!.height).toBeGreaterThanOrEqual(320);
    expect(await plot.locator('path.curve').count()).toBe(1);
    expect(await page.locator('.curve-tools').isVisible()).toBe(false);
    await page.context().close();
  });

  it('keep their place when they become live', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.curve-card')].map(
          (card) =>
            card.getBoundingClientRect().top -
            document.querySelector('.curve-card')!.getBoundingClientRect().top,
        ),
      );
    await page.goto(server.address + runPage(1));
    const printed = await places();
    await page.context().close();
    const second = await openPage(browser);
    await open(second.page, server.address + runPage(1));
    const live = await second.page.evaluate(() =>
      [...document.querySelectorAll('.curve-card')].map(
        (card) =>
          card.getBoundingClientRect().top -
          document.querySelector('.curve-card')!.getBoundingClientRect().top,
      ),
    );
    expect(live).toEqual(printed);
    await second.page.context().close();
  });
});

describe('curves side by side', () => {
  it('name every run at the place of the pointer, and show the difference from the first', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, `${server.address}compare-runs.html`);
    await pointAt(page, 'loss', 100 / 199);
    await page.waitForSelector('.curve-tip:not([hidden])');
    const tip = cardOf(page, 'loss').locator('.curve-tip');
    expect(await tip.locator('tbody th').allInnerTexts()).toEqual(['A exp-2', 'B exp-1', 'C exp-0']);
    await page.getByLabel('difference from A').check();
    await page.waitForFunction(() => location.href.includes('minus=A'));
    await pointAt(page, 'loss', 50 / 199);
    await page.waitForFunction(() =>
      document.querySelector('[data-metric="loss"] .curve-tip thead')?.textContent?.includes('difference'),
    );
    expect(await tip.locator('tbody td.number:not(.dim)').allInnerTexts()).toEqual(['0', '−0.1', '−0.2']);
    // Another choice of runs keeps what was chosen for the curves.
    await page.locator('[data-remove]').last().click();
    await page.waitForFunction(() => document.querySelectorAll('.compare-table thead th').length === 2);
    expect(page.url()).toContain('minus=A');
    expect(page.url()).toContain('runs=');
    await page.waitForSelector('daybook-curves[data-ready]');
    expect(await page.getByLabel('difference from A').isChecked()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe.each(['http', 'file'] as const)('another run behind the curves over %s', (way) => {
  it('is the best or the previous one, called so at its line, and in the address', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, `${bases[way]()}${runPage(2)}`);
    const card = cardOf(page, 'accuracy');
    await card.scrollIntoViewIfNeeded();
    expect(await card.locator('.curve-ghost').count()).toBe(0);
    const choice = page.getByLabel('Beside');
    expect(await choice.locator('option').allInnerTexts()).toEqual([
      'no other run',
      'the previous, exp-1',
      'the best loss, exp-0',
    ]);
    await choice.selectOption('best');
    await card.locator('path.curve-ghost').first().waitFor();
    const names = () => card.locator('.curve-name').allTextContents();
    expect((await names()).sort()).toEqual(['best', 'this']);
    expect(
      await card
        .locator('path.curve-ghost')
        .first()
        .evaluate((path) => getComputedStyle(path).strokeDasharray),
    ).not.toBe('none');
    const place = await across(page, 'accuracy', 0.5);
    await page.mouse.move(place.x, place.y);
    expect(await card.locator('.curve-table tbody th').allInnerTexts()).toEqual(['best exp-0', 'this exp-2']);
    await page.waitForFunction(() => location.href.includes('beside=best'));
    await page.reload();
    await page.waitForSelector('.curve-card[data-metric="accuracy"] path.curve-ghost');
    await choice.selectOption('previous');
    await page.waitForFunction(() => location.href.includes('beside=previous'));
    await choice.selectOption('');
    await page.waitForFunction(() => !location.href.includes('beside'));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is known to the page of a run that is not printed, too', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${bases[way]()}run.html?run=${runPage(2).replace(/^runs\/|\.html$/g, '')}`);
    await page.waitForSelector('[data-ready] #key-metrics');
    const said = await page.locator('#key-metrics').innerText();
    await page.goto(`${bases[way]()}${runPage(2)}`);
    expect(await page.locator('#key-metrics').innerText()).toBe(said);
    expect(said.replaceAll(/\s+/g, ' ')).toContain('previous 0.5 the same best 0.99 −0.49 (−49.5 %) worse');
    await page.context().close();
  });
});
