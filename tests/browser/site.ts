import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { buildSite } from '../../src/build.ts';

/** Where screenshots are left for people to look at. */
export const outputFolder = resolve(import.meta.dirname, '../../test-output');

/** A built site and a browser to look at it. */
export interface Site {
  folder: string;
  root: string;
  /** file:// address of the site's folder, with a slash at the end. */
  fileAddress: string;
  pages: string[];
  remove(): void;
}

/** Builds the site of a book made by `write` in a temporary folder. */
export async function buildSample(write: (root: string) => void | Promise<void>): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'daybook-browser-'));
  await write(root);
  await buildSite({ root });
  return { ...siteOf(root), remove: () => rmSync(root, { recursive: true, force: true }) };
}

/**
 * The same, built once in a run of the tests and only to be looked at: the first file that asks for `name` builds it, the
 * others wait. A build that fails, fails all of them.
 */
export async function sharedSample(
  name: string,
  write: (root: string) => void | Promise<void>,
): Promise<Site> {
  const root = join(inject('sharedSites'), name);
  const done = `${root}.done`;
  const failed = `${root}.failed`;
  try {
    mkdirSync(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    while (!existsSync(done) && !existsSync(failed)) await new Promise((resolve) => setTimeout(resolve, 50));
    if (existsSync(failed)) throw new Error(`The shared site ${name} could not be built.`);
    return { ...siteOf(root), remove: () => {} };
  }
  try {
    await write(root);
    await buildSite({ root });
    writeFileSync(done, '');
  } catch (error) {
    writeFileSync(failed, '');
    throw error;
  }
  return { ...siteOf(root), remove: () => {} };
}

function siteOf(root: string): Omit<Site, 'remove'> {
  const folder = join(root, 'dashboard');
  const names = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  return {
    folder,
    root,
    fileAddress: `${pathToFileURL(folder).href}/`,
    pages: names.filter((name) => name.endsWith('.html')).sort(),
  };
}

/** Starts the Chromium of this machine. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium found; run `node scripts/ensure-browser.ts` first.');
  mkdirSync(outputFolder, { recursive: true });
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

/** A page that remembers everything the browser complained about, refused content included. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    // Whoever leaves a page breaks off what is still on its way.
    const { errorText } = request.failure() ?? { errorText: '' };
    if (errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()} failed: ${errorText}`);
  });
  page.on('request', (request) => {
    if (!/^(file|data|http):/.test(request.url()) || /^http:\/\/(?!127\.0\.0\.1)/.test(request.url()))
      complaints.push(`foreign ${request.url()}`);
  });
  return { page, complaints };
}

/** Waits until the explorer has read everything and searched for what it was asked. */
export async function explorerReady(page: Page): Promise<void> {
  await page.waitForSelector('daybook-explorer[data-ready]', { timeout: 20_000 });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page, as short lines. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 4)
        .map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
    );
  });
}
