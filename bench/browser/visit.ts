import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';
import { serveStatic } from '../../tests/browser/static-server.ts';
import { limitRow, mib, ms, type Row } from '../report.ts';
import type { Cost } from './watch.ts';

/** A built site in a browser, opened in one of two ways. */
export interface Visit {
  page: Page;
  way: 'disk' | 'http';
  /** The address of a page of the site, its own parameters behind it. */
  address(name: string): string;
  /** Takes what came of it: milliseconds against the most they may be. */
  timed(what: string, value: number, most: number): void;
  /** The same of what the page's thread and its memory had to bear. */
  cost(what: string, cost: Cost): void;
  rows: Row[];
}

const mostTaskMs = 50;
const mostMib = 250;

/** Opens a site from disk and over http, and gives the rows of both. @throws Error where no Chromium is here. */
export async function visitBoth(site: string, look: (visit: Visit) => Promise<void>): Promise<Row[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found; CHROMIUM_PATH names one.');
  const server = await serveStatic(site, true);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const rows: Row[] = [];
  try {
    // A browser that has just begun still readies pages of its own.
    await (await browser.newPage()).waitForTimeout(3000);
    rows.push(...(await visitOne(browser, 'disk', `${pathToFileURL(site).href}/`, look)));
    rows.push(...(await visitOne(browser, 'http', server.address, look)));
    return rows;
  } finally {
    await browser.close();
    await server.close();
  }
}

async function visitOne(
  browser: Browser,
  way: Visit['way'],
  base: string,
  look: (visit: Visit) => Promise<void>,
): Promise<Row[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const rows: Row[] = [];
  try {
    await look({
      page,
      way,
      rows,
      address: (name) => `${base}${name}`,
      timed: (what, value, most) => void rows.push(limitRow(`${way}: ${what}`, value, most, ms)),
      cost: (what, { longestCpuMs, peakMiB }) =>
        void rows.push(
          limitRow(`${way}: longest task, ${what}`, longestCpuMs, mostTaskMs, ms),
          limitRow(`${way}: most memory, ${what}`, peakMiB, mostMib, mib),
        ),
    });
  } catch (error) {
    rows.push({
      what: `${way}: what comes next`,
      ours: '',
      peer: '',
      ratio: Number.NaN,
      failed: error instanceof Error ? error.message.slice(0, 500) : String(error),
    });
  } finally {
    await page.close();
  }
  return rows;
}
