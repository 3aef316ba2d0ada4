import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookSizes, makeBook } from '../../bench/books/make.ts';
import { openBook } from '../../collector/index.ts';
import { buildSample, explorerReady, openPage, type Site, startBrowser } from './site.ts';

/** What bench/count.py counts: it knows the raw files and nothing of this program. */
interface Count {
  lines: number;
  repeated: number;
  broken: number;
  actions: number;
  words: Record<string, number>;
  types: Record<string, number>;
  days: Record<string, number>;
  /** Runs that actions name. */
  named: Record<string, number>;
  snapshots: number;
  runs: number;
  runWords: Record<string, number>;
  /** Files of runs that are not there. */
  missing: number;
  series: number;
  points: number;
  /** Series by their number of points. */
  lengths: Record<string, number>;
  extremes: Record<string, [least: number, most: number]>;
  versions: number;
  tags: Record<string, number>;
}

let site: Site;
let browser: Browser;
let counted: Count;
/** Actions by the six statuses that pages show. */
let byStatus: Record<string, number>;

beforeAll(async () => {
  site = await buildSample(writeBook);
  const script = join(import.meta.dirname, '..', '..', 'bench', 'count.py');
  counted = JSON.parse(execFileSync('python3', [script, site.root], { encoding: 'utf8' }));
  const { executing = 0, completed = 0, passed = 0, failed = 0 } = counted.words;
  const unknown = counted.actions - executing - completed - passed - failed;
  byStatus = { pending: 0, running: executing, completed: completed + passed, failed, aborted: 0, unknown };
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  site?.remove();
});

async function writeBook(root: string): Promise<void> {
  makeBook(root, { ...bookSizes.S, charted: 2 });
  // One line twice, two actions that share a snapshot id, and half a line: the first is one action, the second are two.
  const line = (type: string) =>
    `${JSON.stringify({ snapshot_id: 'action_20251117_120000_000001', snapshot_type: 'action', timestamp: '2025-11-17T12:00:00.000001Z', action: { type, status: 'completed', details: {} } })}\n`;
  const log = join(root, 'snapshots', 'action_log.jsonl');
  const half = '{"snapshot_id":"action_20251117_1\n';
  appendFileSync(log, line('task.created') + line('task.created') + half + line('decision.created'));
  const book = await openBook(root);
  for (let at = 0; at < 5; at++) await book.versions.save({ at }, { tags: at < 2 ? ['kept'] : [] });
  await book.versions.saveDelta({ at: 9 });
  await book.close();
}

const json = (name: string) => JSON.parse(readFileSync(join(site.folder, name), 'utf8'));
const page = (name: string) => printed(readFileSync(join(site.folder, `${name}.html`), 'utf8'));

test('data files say of actions and snapshots what a script counts that reads the raw files alone', () => {
  const actions = json('data/actions/index.json');
  expect([actions.total, actions.lines]).toEqual([counted.actions, counted.lines]);
  expect(actions.byStatus).toEqual(byStatus);
  expect(added(actions.shards.map((shard: { byType: object }) => shard.byType))).toEqual(counted.types);
  expect(added(actions.shards.map((shard: { byDay: object }) => shard.byDay))).toEqual(counted.days);
  expect(json('data/snapshots/index.json').ids).toHaveLength(counted.snapshots);
  expect(findingsOf('repeated-line')).toBe(counted.repeated);
  expect(findingsOf('broken-json')).toBe(counted.broken);
  const { repeated, broken } = json('api/summary.json').log;
  expect([repeated, broken]).toEqual([counted.repeated, counted.broken]);
  expect([counted.repeated, counted.broken]).toEqual([1, 1]);
});

test('data files say the same of runs, their series and points, and of versions', async () => {
  const runs = json('data/runs/index.json');
  expect(runs.total).toBe(counted.runs);
  const { done, error, pending, running } = counted.runWords;
  expect(runs.byStatus).toMatchObject({ completed: done, failed: error, pending, running });
  const series = await seriesOfMetrics(join(site.folder, 'data', 'runs'));
  expect(series.size).toBe(counted.series);
  const lengths = [...series.values()].map(({ points }) => String(points));
  expect(added(lengths.map((points) => ({ [points]: 1 })))).toEqual(counted.lengths);
  expect([...series.values()].reduce((sum, { points }) => sum + points, 0)).toBe(counted.points);
  expect(extremesOf(series.values())).toEqual(counted.extremes);
  const named = json('data/runs/actions.json') as { value: string; count: number }[];
  expect(Object.fromEntries(named.map(({ value, count }) => [value, count]))).toEqual(counted.named);
  const versions = json('data/versions/index.json');
  expect(versions.total).toBe(counted.versions);
  expect(counted.versions).toBe(6);
  expect(versions.tags.flat().filter((tag: string) => tag === 'kept')).toHaveLength(counted.tags['kept']!);
});

test('pages print the same', () => {
  const { done, error, pending, running } = counted.runWords;
  expect(page('index')).toContain(`of ${counted.actions} actions`);
  expect(page('index')).toMatch(
    new RegExp(`Snapshots ${counted.snapshots} .*Runs ${counted.runs} .*Failed runs ${error} `),
  );
  expect(page('actions')).toContain(`Actions ${counted.actions} recorded`);
  expect(page('actions')).toContain(
    `Status completed ${byStatus['completed']} failed ${byStatus['failed']} running ${byStatus['running']} unknown ${byStatus['unknown']}`,
  );
  for (const [type, count] of Object.entries(counted.types))
    expect(page('actions')).toContain(`${type} ${count}`);
  expect(page('snapshots')).toContain(`${counted.snapshots} snapshots.`);
  expect(page('runs')).toContain(`Runs ${counted.runs} recorded`);
  expect(page('runs')).toContain(`completed ${done} failed ${error} stale ${running} pending ${pending}`);
  expect(page('health')).toContain(
    `in ${counted.lines} lines, ${counted.snapshots} snapshots and ${counted.runs} runs`,
  );
  expect(page('lineage')).toContain(`No run of the ${counted.runs} here`);
});

test('the numbers that scripts work out in the page of actions are the same', async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(`${site.fileAddress}actions.html`);
  await explorerReady(page);
  expect(await text(page, '[data-count]')).toBe(`${counted.actions} recorded`);
  expect(await shownFacet(page, 'type')).toEqual(counted.types);
  const ofStatus = Object.entries(byStatus).filter(([, count]) => count > 0);
  expect(await shownFacet(page, 'status')).toEqual(Object.fromEntries(ofStatus));
  // Narrowed by one of them, what is left is as many; all rows of it can be reached.
  await page.locator('[data-facet=type] button', { hasText: 'failure.observed' }).click();
  const failures = counted.types['failure.observed']!;
  await page.waitForFunction(
    (all) => document.querySelector('[data-count]')?.textContent === all,
    `${counted.actions} recorded, ${failures} match`,
  );
  expect(await page.locator('.grid-window .row:not([hidden])').count()).toBe(failures);
  expect(await page.locator('[role=grid]').getAttribute('aria-rowcount')).toBe(String(failures + 1));
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('so are those of runs, snapshots and versions', async () => {
  const { page, complaints } = await openPage(browser);
  const { done, error, pending, running } = counted.runWords;
  await page.goto(`${site.fileAddress}runs.html`);
  await page.waitForSelector('daybook-runs[data-ready]');
  expect(await text(page, '[data-count]')).toBe(`${counted.runs} recorded`);
  expect(await shownFacet(page, 'status')).toEqual({
    completed: done,
    failed: error,
    stale: running,
    pending,
  });
  await page.fill('[data-search]', 'status = failed');
  await page.locator('[data-search]').press('Enter');
  await page.waitForFunction(
    (all) => document.querySelector('[data-count]')?.textContent === all,
    `${counted.runs} recorded, ${error} match`,
  );
  expect(await page.locator('.grid-window .row:not([hidden])').count()).toBe(error);
  await page.goto(`${site.fileAddress}versions.html`);
  await page.waitForFunction(() =>
    /\d/.test(document.querySelector('daybook-versions [data-count]')?.textContent ?? ''),
  );
  expect(await text(page, 'daybook-versions [data-count]')).toContain(String(counted.versions));
  expect(complaints).toEqual([]);
  await page.context().close();
});

function findingsOf(code: string): number {
  const { findings } = json('api/findings.json') as { findings: { code: string }[] };
  return findings.filter((finding) => finding.code === code).length;
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? '';
}

/** The values of a facet with the counts that stand beside them. */
async function shownFacet(page: Page, name: string): Promise<Record<string, number>> {
  const pairs = await page
    .locator(`[data-facet=${name}] button.facet`)
    .evaluateAll((buttons) =>
      buttons.map((button) => [
        button.querySelector('.facet-name')!.textContent!,
        Number(button.querySelector('.facet-count')!.textContent!.replaceAll(',', '')),
      ]),
    );
  return Object.fromEntries(pairs);
}

/** Counts of several shards as one; those of a day are by status and are added up. */
function added(shards: Record<string, number | number[]>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, value] of shards.flatMap((shard) => Object.entries(shard))) {
    all[key] = [value].flat().reduce((sum, count) => sum + count, all[key] ?? 0);
  }
  return all;
}

interface Series {
  name: string;
  points: number;
  least: number;
  most: number;
}

/** Every series of the files of points, by run and name; values as docs/site-data.md says. */
async function seriesOfMetrics(folder: string): Promise<Map<string, Series>> {
  const all = new Map<string, Series>();
  for (const file of readdirSync(folder).filter((name) => /^metrics-.*\.parquet$/.test(name))) {
    const buffer = await asyncBufferFromFile(join(folder, file));
    const rows = await parquetReadObjects({
      file: buffer,
      compressors: { GZIP: (bytes) => gunzipSync(bytes) },
    });
    expect(rows).toHaveLength(Number((await parquetMetadataAsync(buffer)).num_rows));
    for (const row of rows) {
      const { run, name, value, units, scale } = row as Record<string, number> & {
        run: string;
        name: string;
      };
      const of = value ?? Number(units) / 10 ** Number(scale);
      const known = all.get(`${run} ${name}`) ?? { name, points: 0, least: of, most: of };
      known.points += 1;
      [known.least, known.most] = [Math.min(known.least, of), Math.max(known.most, of)];
      all.set(`${run} ${name}`, known);
    }
  }
  return all;
}

function extremesOf(series: Iterable<Series>): Record<string, [number, number]> {
  const extremes: Record<string, [number, number]> = {};
  for (const { name, least, most } of series) {
    const [lowest, highest] = extremes[name] ?? [least, most];
    extremes[name] = [Math.min(lowest, least), Math.max(highest, most)];
  }
  return extremes;
}

/** The words of a page as they stand one behind the other. */
function printed(html: string): string {
  const markup = html.replace(/<(script|style)\b.*?<\/\1>/gs, '');
  return markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}
