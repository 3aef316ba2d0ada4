import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoMicros } from '../../collector/base/time.ts';
import { writePeriodic } from '../../collector/store/periodic-store.ts';
import { axeFindings, buildSample, openPage, outputFolder, type Site, startBrowser } from './site.ts';
import { type StaticServer, serveStatic } from './static-server.ts';
import { writeVersionBook } from './version-book.ts';

let browser: Browser;
let site: Site;
let many: Site;
let server: StaticServer;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample(async (root) => {
    await writeVersionBook(root, { count: 24 });
    for (const [number, health] of ['operational', 'degraded'].entries()) {
      const atUs = Date.UTC(2026, 8, 3 + number) * 1000;
      writePeriodic(
        root,
        { snapshot_type: 'periodic', timestamp: isoMicros(atUs), step: number, mode: 'steady', health },
        atUs,
      );
    }
  });
  many = await buildSample((root) => writeVersionBook(root, { count: 440, pages: 10 }));
  server = await serveStatic(site.folder, true);
});

afterAll(async () => {
  await server?.close();
  await browser?.close();
  site?.remove();
  many?.remove();
});

const bases = { http: () => server.address, file: () => site.fileAddress };

function pageOf(part: string): string {
  const found = site.pages.find((name) => name.startsWith('versions/') && name.includes(part));
  if (found === undefined) throw new Error(`no page of ${part} among ${site.pages.join(', ')}`);
  return found;
}

describe('the list of versions', () => {
  it('is whole without scripts: names, tags, sizes, chains, and what cannot be read', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${site.fileAddress}versions.html`);
    expect(await page.locator('.version-table tbody tr').count()).toBe(30);
    expect(await page.locator('.lead').innerText()).toMatch(
      /^30 versions, the newest saved .+ Three are damaged or missing\.$/,
    );
    const troubles = await page.locator('.version-troubles').first().innerText();
    for (const name of ['damaged', 'orphan', 'ghost', 'long-gone']) expect(troubles).toContain(name);
    const row = page.locator('.version-table tr:has(.version-name a:text-is("state-0008"))');
    expect(await row.locator('td.number').allInnerTexts()).toEqual([
      '2',
      expect.stringMatching(/ B$/),
      expect.stringMatching(/ B$/),
      expect.stringMatching(/^\d+(\.\d)? %$/),
    ]);
    expect(await row.locator('.rail-cell').innerText()).toContain('delta to state-0007');
    expect(await page.locator('.tag-list li', { hasText: 'fifth' }).innerText()).toMatch(
      /fifth\s*5\s*state-0020/,
    );
    expect(await page.locator('.version-tools').isVisible()).toBe(false);
    await page.context().close();
  });

  it.each(['http', 'file'] as const)(
    'is chosen from by tag and by text over %s; the address keeps it',
    async (way) => {
      const { page, complaints } = await openPage(browser);
      await page.goto(`${bases[way]()}versions.html`);
      await page.waitForSelector('daybook-versions[data-ready]');
      await page.locator('.tag-list [data-tag=fifth]').click();
      await countIs(page, '5 of 30');
      expect(await names(page)).toEqual([
        'state-0020',
        'state-0015',
        'state-0010',
        'state-0005',
        'state-0000',
      ]);
      await page.locator('[data-filter]').fill('STEP 2');
      await countIs(page, '1 of 30');
      await page.reload();
      await countIs(page, '1 of 30');
      await page.locator('[data-chips] .chip').press('Enter');
      await page.locator('[data-filter]').fill('nothing like it');
      await countIs(page, '0 of 30');
      expect(await page.locator('.version-none').innerText()).toBe('No version matches.');
      await page.locator('[data-filter]').fill('');
      await countIs(page, '30 versions');
      expect(await page.locator('.version-table .rail line').count()).toBeGreaterThan(20);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('shows many page by page', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${many.fileAddress}versions.html`);
    await page.waitForSelector('daybook-versions[data-ready]');
    expect(await page.locator('.version-table tbody tr').count()).toBe(200);
    await page.locator('[data-turn="1"]').click();
    await countIs(page, '446 versions, page 2 of 3');
    await page.locator('[data-turn="1"]').press('Enter');
    await countIs(page, '446 versions, page 3 of 3');
    expect((await names(page)).at(-1)).toBe('state-0000');
    expect(await page.locator('[data-turn="1"]').isDisabled()).toBe(true);
    await page.locator('.version-table a', { hasText: 'state-0003' }).first().click();
    await page.waitForSelector('daybook-version[data-ready]');
    expect(await page.locator('h1').innerText()).toBe('state-0003');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says in an empty book what to do next', async () => {
    const empty = await buildSample(async () => {});
    const { page, complaints } = await openPage(browser);
    await page.goto(`${empty.fileAddress}versions.html`);
    expect(await page.locator('.empty').innerText()).toContain('npx daybook store save');
    expect(complaints).toEqual([]);
    await page.context().close();
    empty.remove();
  });
});

describe('the page of a version', () => {
  it.each(['http', 'file'] as const)('opens over %s without a complaint, whatever was saved', async (way) => {
    const { page, complaints } = await openPage(browser);
    const all = site.pages.filter((name) => name.startsWith('versions/'));
    expect(all).toHaveLength(30);
    for (const name of [...all, 'versions.html']) {
      await page.goto(bases[way]() + name.split('/').map(encodeURIComponent).join('/'));
      expect(await page.locator('h1').count(), name).toBe(1);
      expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt), name).toBeUndefined();
      expect(
        await page.locator('[href^="javascript" i], main [style], main script, iframe').count(),
        name,
      ).toBe(0);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('answers the questions in their order, without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(site.fileAddress + pageOf('state-0008'));
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      '2 changes since its base',
      'About',
      'Chain',
      'Get it back',
      'Content',
    ]);
    expect(await page.locator('#changes').innerText()).toMatch(/step\s+7\s*→.*8/s);
    expect(await page.locator('#about').innerText()).toMatch(/checksum\s+[0-9a-f]{12} verified/);
    expect(await page.locator('#chain [aria-current] b').innerText()).toBe('state-0008');
    expect(await page.locator('#chain li').last().innerText()).toContain('whole');
    expect(await page.locator('#commands').innerText()).toContain(
      'daybook store get state-0008 --out state-0008.json',
    );
    expect(await page.locator('#content').innerText()).toContain('40 fields');
    await page.locator('.neighbours a[rel=next]').click();
    expect(await page.locator('h1').innerText()).toBe('state-0009');
    await page.goto(site.fileAddress + pageOf('text'));
    expect(await page.locator('#content pre').innerText()).toBe('first line\nsecond line\n');
    await page.goto(site.fileAddress + pageOf('damaged'));
    expect(await page.locator('#problem').innerText()).toContain('Expected content with the checksum');
    await page.goto(site.fileAddress + pageOf('orphan'));
    expect(await page.locator('#chain').innerText()).toContain('Its base long-gone is not in the store');
    await page.context().close();
  });

  it('is the same where it is made in the browser', async () => {
    const { page, complaints } = await openPage(browser);
    const text = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('main h1, main h2, main .lead, main .change')].map(
          (one) => one.textContent,
        ),
      );
    for (const version of ['state-0008', 'branch', 'text', 'hostile', 'damaged', 'orphan']) {
      await page.goto(site.fileAddress + pageOf(version));
      const own = await text();
      await page.goto(`${server.address}version.html?version=${version}`);
      await page.waitForSelector('daybook-version[data-ready]');
      expect(await text(), version).toEqual(own);
    }
    for (const name of ['nothing', '__proto__', '<img src=x onerror=window.hurt=1>']) {
      await page.goto(`${site.fileAddress}version.html?version=${encodeURIComponent(name)}`);
      await page.waitForFunction(() =>
        document.querySelector('[data-said]')?.textContent?.startsWith('This book has no version'),
      );
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing for axe to find in %s, and fits a narrow screen',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, bypassCSP: true });
      const kinds = ['state-0008', 'hostile', 'damaged', 'orphan', 'nsafe'].map(pageOf);
      for (const name of ['versions.html', 'compare.html?a=state-0003&b=hostile', ...kinds]) {
        await page.setViewportSize({ width: 1440, height: 1000 });
        await page.goto(site.fileAddress + name);
        for (const fold of await page.locator('main summary:visible').all()) await fold.click();
        const label = name.replaceAll(/[^a-z0-9]+/g, '-');
        await page.screenshot({
          path: join(outputFolder, `version-${label}-${colorScheme}.png`),
          fullPage: true,
        });
        expect(await axeFindings(page), name).toEqual([]);
        await page.setViewportSize({ width: 360, height: 780 });
        await page.screenshot({
          path: join(outputFolder, `version-${label}-${colorScheme}-narrow.png`),
          fullPage: true,
        });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(
          360,
        );
      }
      await page.context().close();
    },
  );
});

describe('any two states', () => {
  it.each(['http', 'file'] as const)('are compared over %s: versions, snapshots, tags', async (way) => {
    const { page, complaints } = await openPage(browser);
    const open = async (query: string) => {
      await page.goto(`${bases[way]()}compare.html?${query}`);
      await page.waitForSelector('daybook-compare[data-ready]');
      return page.locator('[data-said]').innerText();
    };
    expect(await open('a=state-0003&b=state-0004')).toMatch(/^2 differences, 1 hour later\.$/);
    expect(await open('a=state-0004&b=fifth')).toMatch(/^\d+ differences, 16 hours later\.$/);
    expect(await open('a=state-0003&b=periodic_20260904_000000')).toMatch(/differences/);
    expect(await page.locator('[data-differences]').innerText()).toContain('limits');
    expect(await open('a=text&b=text')).toBe('The same version twice.');
    expect(await open('a=damaged&b=text')).toContain('damaged cannot be shown');
    expect(await open('a=nobody&b=state-0001')).toContain('There is no state called nobody here');
    expect(
      await page
        .locator('optgroup')
        .evaluateAll((groups) => groups.map((one) => (one as HTMLOptGroupElement).label)),
    ).toEqual(['Versions', 'Periodic snapshots', 'Versions', 'Periodic snapshots']);
    await page.locator('select[data-side=b]').selectOption('snapshot 0');
    await page.waitForFunction(() => location.href.includes('periodic_20260903_000000'));
    await page.locator('[data-step="1"][data-side=b]').click();
    await page.waitForFunction(() => location.href.includes('periodic_20260904_000000'));
    await page.locator('[data-swap]').click();
    await page.waitForFunction(() => location.href.includes('a=periodic_20260904_000000'));
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

async function countIs(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('[data-count]')?.textContent === wanted,
    text,
  );
}

async function names(page: Page): Promise<string[]> {
  return page.locator('.version-name a').allInnerTexts();
}
