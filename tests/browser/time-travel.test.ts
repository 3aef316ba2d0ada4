import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoMicros } from '../../collector/base/time.ts';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { writePeriodic } from '../../collector/store/periodic-store.ts';
import { hostile, writeEmptyBook } from './sample-book.ts';
import { axeFindings, buildSample, openPage, outputFolder, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';

const firstUs = Date.UTC(2026, 8, 1) * 1000;
const stepUs = 1_800_000_000;
const snapshots = 130;
const deployments = ['stable', 'degraded', 'failing'];

let browser: Browser;
let site: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample((root) => writeBook(root, snapshots));
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
});

const bases = { http: () => server.address, file: () => site.fileAddress };

describe('time travel', () => {
  it('is complete for the newest moment without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site.fileAddress}snapshots.html`);
    expect(await page.locator('.travel-moment').innerText()).toContain('2026-09-03 16:30:00');
    expect(await pinsOf(page)).toEqual(['rail_status.deployment', 'system_state.load', 'git.ahead']);
    expect(
      await page.locator('[data-pin="rail_status.deployment"] svg').first().getAttribute('aria-label'),
    ).toMatch(/^rail_status.deployment over time: stable for .*, degraded for .*failing for /);
    expect(await page.locator('[data-changes-list]').innerText()).toContain('git.head');
    expect(await page.locator('[data-actions-title]').innerText()).toBe('3 actions in between');
    for (const name of ['[data-range]', '[data-goto]', '[data-unpin]', '[data-add]'])
      expect(await page.locator(name).first().isVisible(), name).toBe(false);
    await page.locator('.travel-facts a').click();
    expect(await page.locator('h1').innerText()).toContain('2026-09-03 16:30:00');
    await page.context().close();
  });

  it.each(['http', 'file'] as const)('moves by keyboard from snapshot to snapshot, over %s', async (way) => {
    const { page, complaints } = await openPage(browser);
    await openTravel(page, `${bases[way]()}snapshots.html`);
    const range = page.getByRole('slider', { name: 'Moment' });
    const said = () => range.getAttribute('aria-valuetext');
    expect(await said()).toBe('2026-09-03 16:30:00 UTC, operational, snapshot 130 of 130');
    const numbers: string[] = [];
    for (const key of [
      'ArrowLeft',
      'ArrowDown',
      'ArrowRight',
      'PageDown',
      'PageUp',
      'Home',
      'ArrowLeft',
      'ArrowUp',
    ]) {
      await range.press(key);
      numbers.push(/snapshot (\d+) of/.exec((await said()) ?? '')![1]!);
    }
    expect(numbers).toEqual(['129', '128', '129', '119', '129', '1', '1', '2']);
    await expectText(page, '[data-changes-note]', '30 minutes later · compare');
    await expectText(page, '[data-actions-title]', '3 actions in between');
    await expectText(page, '[data-actions-list] li:first-child', /build.*step 5/s);
    await range.press('Home');
    await expectText(page, '[data-changes-title]', 'The first snapshot');
    expect(page.url()).toContain('at=2026-09-01');
    expect(await page.locator('[data-step="-1"]').isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['http', 'file'] as const)('remembers moment and pins in its address, over %s', async (way) => {
    const { page, complaints } = await openPage(browser);
    const query = '?at=2026-09-01T20:00Z&pin=git.ahead&pin=rail_status.deployment&pin=no.such.field';
    await openTravel(page, `${bases[way]()}snapshots.html${query}`);
    expect(await page.locator('.travel-moment').innerText()).toContain('2026-09-01 20:00:00');
    expect(await pinsOf(page)).toEqual(['git.ahead', 'rail_status.deployment']);
    expect(await page.locator('[data-pin="git.ahead"] [data-value]').innerText()).toBe('40\n0 to 129');
    const section = page.locator('[data-section="rail_status"]');
    if (!(await section.evaluate((fold) => (fold as HTMLDetailsElement).open)))
      await section.locator('summary').click();
    await page.getByRole('button', { name: 'Pin rail_status.ingestion' }).click();
    await expectText(page, '[data-said]', /rail_status.ingestion is pinned/);
    await page.getByRole('button', { name: 'Unpin git.ahead' }).click();
    expect(await pinsOf(page)).toEqual(['rail_status.deployment', 'rail_status.ingestion']);
    await page.getByLabel('Pin a field').fill('system_state.load');
    await page.getByLabel('Pin a field').press('Enter');
    await page.waitForSelector('[data-pin="system_state.load"]');
    await page.reload();
    await page.waitForSelector('daybook-time-travel[data-ready]');
    expect(await pinsOf(page)).toEqual([
      'rail_status.deployment',
      'rail_status.ingestion',
      'system_state.load',
    ]);
    expect(await page.locator('.travel-moment').innerText()).toContain('2026-09-01 20:00:00');
    for (const row of await pinsOf(page)) await page.getByRole('button', { name: `Unpin ${row}` }).click();
    await page.reload();
    await page.waitForSelector('daybook-time-travel[data-ready]');
    expect(await pinsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('answers what the state was at a typed time', async () => {
    const { page } = await openPage(browser);
    await openTravel(page, `${site.fileAddress}snapshots.html`);
    const ask = async (text: string) => {
      await page.getByLabel('State at').fill(text);
      await page.getByRole('button', { name: 'Show' }).click();
      return `${await page.locator('.travel-moment').innerText()}: ${await page.locator('[data-said]').innerText()}`;
    };
    expect(await ask('2026-09-02 14:10')).toBe(
      '2026-09-02 14:00:00 UTC: At 2026-09-02 14:10:00 the newest snapshot was this one, 10 minutes old.',
    );
    expect(await ask('15:30')).toBe('2026-09-02 15:30:00 UTC: ');
    expect(await ask('2020-01-01')).toMatch(/^2026-09-01 00:00:00 UTC: .*nothing had been recorded yet/);
    expect(await ask('Tuesday')).toMatch(/: Expected a time such as .*found “Tuesday”/);
    await page.context().close();
  });

  it('goes to a change of a pinned field by its buttons and by a click on its chart', async () => {
    const { page } = await openPage(browser);
    await openTravel(page, `${site.fileAddress}snapshots.html?pin=rail_status.deployment`);
    const row = page.locator('[data-pin="rail_status.deployment"]');
    await row.getByRole('button', { name: 'Change before of' }).click();
    await expectText(page, '.travel-moment', /2026-09-03 12:00:00/);
    await expectText(page, '[data-changes-list]', /rail_status\.deployment[\s\S]*stable[\s\S]*degraded/);
    expect(await row.locator('[data-changes]').innerText()).toBe('4 of 4');
    const plot = (await row.locator('[data-plot]').boundingBox())!;
    await page.mouse.click(plot.x + 8 + (plot.width - 16) * (60 / 129) + 3, plot.y + 12);
    await expectText(page, '.travel-moment', /2026-09-02 06:00:00/);
    await page.context().close();
  });

  it('follows the pointer over the strip, all rows showing the same moment', async () => {
    const { page, complaints } = await openPage(browser);
    await openTravel(page, `${site.fileAddress}snapshots.html`);
    const strip = (await page.locator('[data-strip]').boundingBox())!;
    const xOf = (share: number) => strip.x + 8 + (strip.width - 16) * share;
    await page.mouse.move(xOf(0.9), strip.y + 30);
    await page.mouse.down();
    await page.mouse.move(xOf(0.3), strip.y + 30, { steps: 12 });
    await page.mouse.move(xOf(0.5), strip.y + 30, { steps: 4 });
    await page.mouse.up();
    await expectText(page, '.travel-facts', /snapshot 6[56] of 130/);
    const places = await page
      .locator('[data-cursor]')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().x)));
    expect(new Set(places).size).toBe(1);
    expect(places.length).toBeGreaterThan(4);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes any address', async () => {
    for (const query of [
      '?at=nonsense',
      '?at=1900-01-01&pin=__proto__&pin=%3Cimg%20src=x%3E',
      '?pin=',
      `?at=9999-12-31T00:00Z&${Array.from({ length: 40 }, (_, n) => `pin=limits.limit_${n % 20}`).join('&')}`,
    ]) {
      const { page, complaints } = await openPage(browser);
      await openTravel(page, `${site.fileAddress}snapshots.html${query}`);
      expect(await page.locator('[data-pin]').count(), query).toBeLessThanOrEqual(12);
      expect(complaints, query).toEqual([]);
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)(
    'has nothing for axe to find in %s, and fits a narrow screen',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
      await openTravel(page, `${site.fileAddress}snapshots.html?at=2026-09-02T06:00Z`);
      await page.screenshot({ path: join(outputFolder, `time-travel-${colorScheme}.png`) });
      expect(await axeFindings(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 900 });
      await page.screenshot({ path: join(outputFolder, 'time-travel-narrow.png') });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await page.context().close();
    },
  );

  it('says in books of no snapshot and of one what there is', async () => {
    for (const [write, words] of [
      [writeEmptyBook, 'daybook periodic'],
      [(root: string) => writeBook(root, 1), 'The first snapshot'],
    ] as const) {
      const small = await buildSample(write);
      try {
        const { page, complaints } = await openPage(browser);
        await page.goto(`${small.fileAddress}snapshots.html`);
        expect(await page.locator('main').innerText()).toContain(words);
        expect(await page.locator('[data-range]').count()).toBe(0);
        expect(complaints).toEqual([]);
        await page.context().close();
      } finally {
        small.remove();
      }
    }
  });
});

/** Half-hourly snapshots: a deployment that changes four times, a commit every tenth, and what never changes; three actions each. */
function writeBook(root: string, count: number): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  writeFileSync(join(root, 'daybook.yaml'), 'title: travel\n');
  let nowUs = firstUs;
  const writer = openActionWriter(root, { clock: { nowUs: () => nowUs } });
  for (let number = 0; number < count; number++) {
    const atUs = firstUs + number * stepUs;
    for (let step = 0; step < 3; step++) {
      nowUs = atUs - (2 - step) * 60_000_000;
      writer.append({
        type: 'build',
        status: 'completed',
        details: { message: `step ${number * 3 + step}` },
      });
    }
    writePeriodic(root, stateAt(number, atUs), atUs);
  }
  void writer.close();
}

function stateAt(number: number, atUs: number): Parameters<typeof writePeriodic>[1] {
  const timestamp = isoMicros(atUs);
  const changed = [30, 60, 90, 120].filter((at) => at <= number).length;
  return {
    snapshot_type: 'periodic',
    timestamp,
    interval: '30_minutes',
    system_state: { timestamp, health: 'operational', load: number % 7 },
    git: { head: `commit ${Math.floor((number + 1) / 10)}`, ahead: number },
    rail_status: {
      deployment: deployments[[0, 1, 2, 0, 1][changed]!]!,
      ingestion: 'active',
      [hostile.image]: hostile.script,
    },
    limits: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`limit_${at}`, at * 10])),
  };
}

async function openTravel(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForSelector('daybook-time-travel[data-ready]');
}

async function pinsOf(page: Page): Promise<(string | null)[]> {
  return page.locator('[data-pin]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-pin')));
}

async function expectText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 5000 });
}
