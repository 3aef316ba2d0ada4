import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../src/build.ts';
import { writeRunBook } from '../browser/run-book.ts';
import { writeSampleBook } from '../browser/sample-book.ts';
import { writeVersionBook } from '../browser/version-book.ts';

/** The most that a page may weigh in kB, packed by gzip as servers send it. */
interface Budget {
  page: RegExp;
  /** Its own markup, and all scripts it loads. Both depend on nothing but the page: a book that grows makes no page grow. */
  html: number;
  script: number;
  why: string;
}

/** The style sheet is one for all pages: it travels once and stays. */
const style = 16;

const budgets: Budget[] = [
  {
    page: /^(index|health)\.html$/,
    html: 12,
    script: 4,
    why: 'printed whole; nothing but theme, keys, copying and times of day',
  },
  {
    page: /^trends\.html$/,
    html: 16,
    script: 4,
    why: 'at most 24 series of at most 200 values each, drawn when it is built',
  },
  {
    page: /^badges\.html$/,
    html: 8,
    script: 4,
    why: 'the drawings of all badges, with what is copied of each',
  },
  {
    page: /^actions\.html$/,
    html: 16,
    script: 60,
    why: 'the newest 200 actions; reader of Parquet, table, timeline, search',
  },
  {
    page: /^runs\.html$/,
    html: 10,
    script: 72,
    why: 'the newest 200 runs; the same reader, filters, groups, charts of the whole table',
  },
  {
    page: /^snapshots\.html$/,
    html: 10,
    script: 66,
    why: 'the newest 200 snapshots; time travel with the actions between, histories of fields',
  },
  {
    page: /^compare\.html$/,
    html: 4,
    script: 66,
    why: 'the newest two side by side; the same script as the list',
  },
  {
    page: /^compare-runs\.html$/,
    html: 8,
    script: 106,
    why: 'curves of many runs; shares its script with lineage, whose layout of graphs is 40 of them',
  },
  {
    page: /^(run|lineage)\.html$/,
    html: 6,
    script: 106,
    why: 'a shell that the script fills; the same script',
  },
  {
    page: /^versions?\.html$/,
    html: 8,
    script: 26,
    why: 'the newest 200 versions; their list, comparison and contents',
  },
  {
    page: /^runs\//,
    html: 10,
    script: 46,
    why: 'one run whole; the script of curves only where it has some',
  },
  { page: /^(snapshots|versions)\//, html: 6, script: 4, why: 'one of them whole, printed' },
];

let root: string;
let site: string;
let pages: string[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'daybook-budgets-'));
  await writeVersionBook(root, { count: 8, pages: 4 });
  writeRunBook(root, 20, 6);
  writeSampleBook(root, 400);
  site = (await buildSite({ root })).out;
  pages = (readdirSync(site, { recursive: true }) as string[]).filter((file) => file.endsWith('.html'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const packedKb = (bytes: Buffer) => gzipSync(bytes).length / 1000;
const sizeOf = (file: string) => packedKb(readFileSync(join(site, file)));

/** What a page loads with its markup. */
function loaded(page: string): { scripts: string[]; styles: string[] } {
  const html = readFileSync(join(site, page), 'utf8');
  const head = html.slice(0, html.indexOf('</head>'));
  const from = (pattern: RegExp) =>
    [...head.matchAll(pattern)].map(([, address]) => join(dirname(page), address!));
  return {
    scripts: from(/<script[^>]* src="([^"]+)"/g),
    styles: from(/<link rel="stylesheet" href="([^"]+)"/g),
  };
}

describe('the weight of pages', () => {
  it('is one style sheet for all, within its budget', () => {
    expect(new Set(pages.flatMap((page) => loaded(page).styles))).toEqual(new Set(['assets/daybook.css']));
    expect(sizeOf('assets/daybook.css')).toBeLessThan(style);
  });

  it('has a budget for every page, and a page for every budget', () => {
    const of = (page: string) => budgets.filter((budget) => budget.page.test(page)).length;
    expect(pages.filter((page) => of(page) !== 1)).toEqual([]);
    expect(budgets.filter((budget) => !pages.some((page) => budget.page.test(page)))).toEqual([]);
  });

  it('is within the budget of each, and of no script is it twice what is needed', () => {
    const heavy: string[] = [];
    for (const { page: pattern, html, script } of budgets) {
      const ofBudget = pages.filter((page) => pattern.test(page));
      const most = { html: 0, script: 0 };
      for (const page of ofBudget) {
        const own = packedKb(readFileSync(join(site, page)));
        const scripts = loaded(page).scripts.reduce((sum, file) => sum + sizeOf(file), 0);
        most.html = Math.max(most.html, own);
        most.script = Math.max(most.script, scripts);
        if (own > html || scripts > script)
          heavy.push(
            `${page}: ${own.toFixed(1)} kB of ${html}, scripts ${scripts.toFixed(1)} kB of ${script}`,
          );
      }
      expect(most.script * 2, `script of ${pattern.source}`).toBeGreaterThan(script);
    }
    expect(heavy).toEqual([]);
  });

  it('holds no script that a page does not use: elements of ours are defined by what it loads', () => {
    const defines = (file: string) =>
      [...readFileSync(join(site, file), 'utf8').matchAll(/customElements\.define\("([^"]+)"/g)].map(
        ([, name]) => name!,
      );
    for (const page of pages) {
      const html = readFileSync(join(site, page), 'utf8');
      const used = new Set([...html.matchAll(/<(daybook-[a-z-]+)/g)].map(([, name]) => name!));
      const { scripts } = loaded(page);
      const defined = scripts.map(defines);
      expect(
        [...used].filter((name) => !defined.flat().includes(name)),
        page,
      ).toEqual([]);
      for (const [at, names] of defined.entries())
        if (scripts[at] !== 'assets/daybook.js')
          expect(
            names.some((name) => used.has(name)),
            `${page} loads ${scripts[at]}`,
          ).toBe(true);
    }
  });
});
