import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRuns } from '../../collector/read.ts';
import { findChromium } from '../../scripts/find-chromium.ts';
import { cacheFolder, copyOf, made } from '../books/kept.ts';
import { writeStages, writeWideRuns } from '../books/wide.ts';
import { visitActions } from '../browser/actions.ts';
import { visitCurves } from '../browser/curves.ts';
import { visitLineage } from '../browser/lineage.ts';
import { visitRuns } from '../browser/runs.ts';
import { type Visit, visitBoth } from '../browser/visit.ts';
import { takenByDaybook } from '../processes.ts';
import { attempt, printRows, progress, type Row, skippedRow } from '../report.ts';
import { builtBook } from './build.ts';

/** As many runs as are shown side by side. */
const compared = 12;

/** The pages of large books in a browser, from disk and over http, against what a reader waits for without noticing. */
export async function benchBrowser(): Promise<boolean> {
  const actions = await visits('actions of a million', () => builtBook('L'), visitActions);
  const curves = await visits(
    'curves',
    () => builtBook('L'),
    async (visit, book) => visitCurves(visit, (await longRuns(book)).slice(0, compared)),
  );
  const runs = await visits(
    'wide runs',
    () => site('wide', (root) => writeWideRuns(root, 10_000, 200)),
    visitRuns,
  );
  const lineage = await visits(
    'lineage',
    () => site('stages', (root) => writeStages(root, 5000)),
    visitLineage,
  );
  return [
    printRows('Actions page of a million actions', actions),
    printRows('Pages of many runs', [...runs, ...curves, ...lineage]),
  ].every(Boolean);
}

function visits(
  what: string,
  book: () => Promise<string>,
  look: (visit: Visit, book: string) => Promise<void>,
): Promise<Row[]> {
  if (findChromium() === undefined)
    return Promise.resolve([skippedRow(what, 'No Chromium was found; CHROMIUM_PATH names one.')]);
  return attempt(`browser: ${what}`, async () => {
    const root = await book();
    return visitBoth(join(root, 'dashboard'), (visit) => {
      progress(`browser: ${what}, ${visit.way}`);
      return look(visit, root);
    });
  });
}

/** A book made for a page, and its site. */
async function site(name: string, make: (root: string) => void): Promise<string> {
  const book = join(cacheFolder, 'work', name);
  mkdirSync(join(cacheFolder, 'work'), { recursive: true });
  if (!existsSync(join(book, 'dashboard', 'index.html'))) copyOf(made(name, make), book, []);
  progress(`building the site of ${name}`);
  await takenByDaybook(book, ['build']);
  return book;
}

/** Slugs of the runs with a million points. */
async function longRuns(book: string): Promise<string[]> {
  const runs = await readRuns(book, {}, () => {});
  return runs.filter(({ series }) => (series[0]?.count ?? 0) >= 1e6).map(({ slug }) => slug);
}
