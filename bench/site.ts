import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../scripts/find-chromium.ts';
import { median, ms, printRows, type Row } from './report.ts';
import { writeSampleLog } from './sample-log.ts';

interface Built {
  durationMs: number;
  actions: number;
  peakMiB: number;
}

const maxMiB = 700;

/** The dashboard of a million actions: building it, building it again, and using it in a browser opened from disk. */
export async function benchSite(root: string): Promise<boolean> {
  const small = join(root, '..', 'site-small');
  mkdirSync(join(small, 'snapshots'), { recursive: true });
  writeSampleLog(join(small, 'snapshots', 'action_log.jsonl'), 1000, 'daybook');
  const first = build(root);
  build(small);
  const again: number[] = [];
  const smallAgain: number[] = [];
  for (let round = 0; round < 3; round++) {
    again.push(build(root).durationMs);
    smallAgain.push(build(small).durationMs);
  }
  const rows: Row[] = [
    figure(`build, ${first.actions.toLocaleString('en-US')} lines, nothing cached`, ms(first.durationMs)),
    limited(
      'peak memory of that build',
      `${first.peakMiB.toFixed(0)} MiB`,
      `${maxMiB} MiB`,
      first.peakMiB / maxMiB,
      1,
    ),
    limited(
      'build again, unchanged, against 1,000 lines',
      ms(median(again)),
      ms(median(smallAgain)),
      median(again) / median(smallAgain),
      1.3,
    ),
    ...benchRealLog(join(root, '..', 'site-real')),
    ...(await benchBrowser(join(root, 'dashboard'))),
  ];
  rmSync(small, { recursive: true, force: true });
  return printRows('site', rows);
}

/** A real log of 7,771 lines, where the real recordings lie beside this repository; whole process, start-up included. */
function benchRealLog(copy: string): Row[] {
  const real = join(import.meta.dirname, '..', '..', 'shared', 'data', 'generated', 'barrot', 'open-scale');
  if (!existsSync(real)) return [];
  const times: number[] = [];
  let actions = 0;
  for (let round = 0; round < 5; round++) {
    cpSync(join(real, 'snapshots'), join(copy, 'snapshots'), { recursive: true });
    const start = performance.now();
    actions = build(copy).actions;
    times.push(performance.now() - start);
    rmSync(copy, { recursive: true, force: true });
  }
  return [
    figure(`build, real log of ${actions.toLocaleString('en-US')} actions, whole process`, ms(median(times))),
  ];
}

function build(root: string): Built {
  const script = join(import.meta.dirname, 'build-once.ts');
  return JSON.parse(execFileSync(process.execPath, [script, root], { encoding: 'utf8' })) as Built;
}

async function benchBrowser(site: string): Promise<Row[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) return [];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    const start = performance.now();
    await page.goto(`${pathToFileURL(join(site, 'actions.html')).href}`, { waitUntil: 'commit' });
    await page.waitForSelector('.grid-window .row:not([hidden]) .cell-type:not(:empty)');
    const newest = performance.now() - start;
    await page.waitForSelector('daybook-explorer[data-ready]');
    const whole = performance.now() - start;
    const filters: number[] = [];
    for (let round = 0; round < 6; round++) filters.push(await timeFilter(page));
    const searchStart = performance.now();
    await page.fill('[data-search]', 'no such words');
    await page.waitForSelector('daybook-explorer:not([data-ready])');
    await page.waitForSelector('daybook-explorer[data-ready]', { timeout: 120_000 });
    return [
      figure('from disk: newest rows usable', ms(newest)),
      figure('from disk: all rows read', ms(whole)),
      figure('filter, count all facets, redraw', ms(median(filters))),
      figure('text search through all details', ms(performance.now() - searchStart)),
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds that choosing a facet blocks the page. */
function timeFilter(page: Page): Promise<number> {
  return page.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>('[data-facet=type] button')!;
    const start = performance.now();
    button.click();
    return performance.now() - start;
  });
}

function figure(what: string, ours: string): Row {
  return { what, ours, peer: '', ratio: Number.NaN };
}

function limited(what: string, ours: string, peer: string, ratio: number, limit: number): Row {
  return { what, ours, peer, ratio, limit };
}
