import { spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFleet } from '../../src/build.ts';
import { writeFleetBook } from '../browser/fleet-books.ts';
import { axeFindings, openPage, startBrowser } from '../browser/site.ts';
import { commandLine } from '../command-line.ts';
import { foreignLine } from '../helpers.ts';

/** Put together here, so that it stands in no file of this repository. */
const token = `ghp_${'0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, 36)}`;
const error = '</script><script>window.hurt=1</script>';
const shown = ['gone', 'leak', 'build-box', 'gpu', 'website'];
let browser: Browser;
let home: string;
let site: string;
let said: { exitCode: number | null; out: string; notes: string };

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'daybook-fleet-'));
  const nowUs = Date.now() * 1000;
  writeFleetBook(join(home, 'one'), nowUs, { title: 'acme/website' });
  writeFleetBook(join(home, 'two'), nowUs, { silentDays: 8 });
  writeFleetBook(join(home, 'three'), nowUs, { failures: 2, error });
  site = join(home, 'all');
  // A secret that slipped past the masks: the book must not be published.
  mkdirSync(join(home, 'leak/snapshots'), { recursive: true });
  const leaked = foreignLine({ details: { token } });
  writeFileSync(join(home, 'leak/snapshots/action_log.jsonl'), `${leaked}\n`);
  const books = ['website=one', 'build-box=two', 'gpu=three', 'gone=nowhere', 'leak=leak'];
  const words = ['build', ...books.flatMap((book) => ['--book', book]), '--out', 'all'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, ...words], {
    cwd: home,
    encoding: 'utf8',
  });
  said = { exitCode: status, out: stdout, notes: stderr };
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

const read = (name: string) => readFileSync(join(site, name), 'utf8');
const address = (name = 'index.html') => pathToFileURL(join(site, name)).href;

describe('a build of several books', () => {
  it('says how each stands, and by its exit code that some could not be built', () => {
    expect(said.exitCode).toBe(4);
    const where = join(realpathSync(home), 'nowhere');
    expect(said.notes).toContain(`gone (${where}): There is no folder of this book.`);
    expect(said.out).toMatch(/^built 3 books and the page of all in /);
    expect(said.notes).toMatch(/leak \(.*\): The site would publish a secret; it was not built\./);
    expect(said.notes).toContain('It is at snapshots/action_log.jsonl:1. Revoke what is real');
    const rows = said.out.split('\n').slice(1, 6);
    expect(rows.map((row) => row.trim().split(/\s+/).slice(0, 2).join(' '))).toEqual([
      'gone unread',
      'leak unread',
      'build-box silent',
      'gpu failing',
      'website well',
    ]);
  });

  it('has the whole dashboard of each beside the page, with a way back', () => {
    for (const name of ['website', 'build-box', 'gpu']) {
      expect(existsSync(join(site, name, 'data/actions/index.json')), name).toBe(true);
      for (const page of ['index.html', 'actions.html'])
        expect(read(`${name}/${page}`)).toContain('<a class="all-books" href="../index.html">');
    }
  });

  it('leads nowhere that is not there, from page and Markdown alike', () => {
    const links = [
      ...[...read('index.html').matchAll(/ (?:href|src)="([^"]+)"/g)].map((match) => match[1]!),
      ...[...read('index.md').matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)].map((match) => match[1]!),
    ];
    const local = links.filter((link) => !/^(?:data:|#)/.test(link));
    expect(local).toContain('gpu/index.md');
    const missing = local.filter((link) => !existsSync(join(site, decodeURI(link.replace(/[?#].*/, '')))));
    expect(missing).toEqual([]);
  });

  it('tells nobody where the books lie on this machine, nor what was not to be published', () => {
    const files = globSync('{index.*,api/*.json,feeds/*}', { cwd: site });
    expect(files.length).toBeGreaterThan(7);
    expect(files.filter((name) => read(name).includes(home) || read(name).includes(token))).toEqual([]);
    expect(existsSync(join(site, 'leak'))).toBe(false);
  });

  it('writes api/fleet.json by its schema, and feeds of all books', () => {
    const fleet = JSON.parse(read('api/fleet.json'));
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('api/schema/api-fleet.json')));
    expect(validate(fleet), JSON.stringify(validate.errors)).toBe(true);
    expect(fleet.states).toEqual({ unread: 2, silent: 1, empty: 0, failing: 1, uneasy: 0, well: 1 });
    expect(fleet.failures).toHaveLength(2);
    const feed = JSON.parse(read('feeds/failures.json'));
    const own = JSON.parse(read('gpu/feeds/failures.json'));
    expect(feed.items.map(({ id }: { id: string }) => id)).toEqual(
      own.items.map(({ id }: { id: string }) => id),
    );
    expect(read('feeds/failures.xml')).toContain('href="../gpu/actions.html?action=');
  });

  it('weighs little', () => {
    expect(gzipSync(read('index.html')).length).toBeLessThan(12_000);
  });
});

describe('the page of several books', () => {
  it('says first what is worst, and lists those first that need someone', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(address());
    const rows = page.locator('.fleet-table tbody tr');
    expect(await page.locator('h1').textContent()).toMatch(
      /^2 of 5 books could not be read; build-box has been silent since \w{3} \d+, \d\d:\d\d\.$/,
    );
    expect(await rows.locator('th b').allTextContents()).toEqual(shown);
    expect(await rows.nth(1).textContent()).toContain('The site would publish a secret; it was not built.');
    expect(await rows.nth(0).textContent()).toContain('There is no folder of this book.');
    expect(await rows.nth(0).locator('a').count()).toBe(0);
    for (const [index, name] of [...(await rows.locator('th b').allTextContents()).entries()].slice(2)) {
      const sentence = await rows.nth(index).locator('.fleet-verdict').textContent();
      expect(read(`${name}/index.html`)).toContain(`<h1>${sentence}</h1>`);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads to a failure in its book and back, from disk', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(address());
    await page.locator('.fleet-failure .attention-what a').first().click();
    await page.waitForSelector('.record-source');
    expect(page.url()).toContain('/gpu/actions.html?action=');
    await page.locator('a.all-books').click();
    await page.waitForSelector('.fleet-table');
    expect(page.url()).toBe(address());
    expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
  ] as const)('has nothing for axe to find in %s, and fits %d pixels', async (colorScheme, width) => {
    const { page } = await openPage(browser, {
      colorScheme,
      viewport: { width, height: 900 },
      bypassCSP: true,
    });
    for (const name of ['index.html', 'gpu/index.html']) {
      await page.goto(address(name));
      expect(await axeFindings(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(
        width,
      );
    }
    await page.context().close();
  });

  it('says how old it is in the place of how things were', async () => {
    const { page } = await openPage(browser);
    await page.clock.install({ time: Date.now() + 3 * 86_400_000 });
    await page.goto(address());
    expect(await page.locator('h1').textContent()).toBe('This page is 3 days old.');
    await page.context().close();
  });
});

// Last, because it builds again in the place of what the others look at.
describe('the next build of several books', () => {
  it('keeps what stands of a book that cannot be read any more, and drops those that are not named', async () => {
    rmSync(join(home, 'two'), { recursive: true });
    const { books, out } = await buildFleet({
      books: [
        { name: 'website', root: join(home, 'one') },
        { name: 'build-box', root: join(home, 'two') },
      ],
      out: site,
      title: 'Machines',
      address: 'https://a.example/all/',
    });
    expect(books.map(({ name, state }) => [name, state])).toEqual([
      ['build-box', 'unread'],
      ['website', 'well'],
    ]);
    expect(read('index.html')).toMatch(/<a href="build-box\/index\.html">Its dashboard<\/a> is that of /);
    expect(existsSync(join(site, 'build-box/index.html'))).toBe(true);
    expect(existsSync(join(site, 'gpu'))).toBe(false);
    // Each copy says where it lies, whatever the book says of itself.
    const canonical = /<link rel="canonical" href="([^"]+)"/;
    expect(canonical.exec(read('index.html'))?.[1]).toBe('https://a.example/all/');
    expect(canonical.exec(read('website/actions.html'))?.[1]).toBe(
      'https://a.example/all/website/actions.html',
    );
    // What has not changed comes from the cache of its book.
    expect(books[1]!.site!.reused.actions).toBe(true);
    expect(out).toBe(site);
  });

  it('leaves a folder alone that holds anything else, or a book itself', async () => {
    const books = [{ name: 'website', root: join(home, 'one') }];
    await expect(buildFleet({ books, out: home, title: 'x' })).rejects.toMatchObject({ code: 'usage' });
    await expect(buildFleet({ books, out: join(site, 'api'), title: 'x' })).rejects.toMatchObject({
      code: 'exists',
    });
    expect(existsSync(join(site, 'api/fleet.json'))).toBe(true);
  });
});
