import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageVersion } from '../data/book/package-root.ts';
import { DaybookError, isObject, parseJson, parseTime } from '../data/browser.ts';
import type { ElsewhereSettings } from '../data/elsewhere/settings.ts';
import { fleetBookOf } from '../data/fleet/book.ts';
import { fleetFiles } from '../data/fleet/files.ts';
import { inOrder } from '../data/fleet/order.ts';
import { fleetHeadline } from '../data/fleet/sentence.ts';
import { type Fleet, type FleetBook, stateOf } from '../data/fleet/types.ts';
import { readSchema } from '../data/reader.ts';
import { copyAssets } from './assets.ts';
import { refuseForeignFleet, refuseOverlap } from './own-output.ts';
import { renderFleet } from './pages/render.ts';
import { type BuildEffects, packageRoot } from './render-site.ts';
import { type BuildResult, placeSite } from './whole-site.ts';

/** What to build: the books at these folders, each into a folder of its name below `out`, and the page of all of them. */
export interface FleetOptions {
  books: readonly { name: string; root: string }[];
  out: string;
  title: string;
  address?: string | undefined;
  leaveOut?: ElsewhereSettings['leaveOut'];
}

/** What building several books takes from outside. */
export interface FleetEffects extends BuildEffects {
  /** Done with each book before it is read; where that fails, its row says so. */
  prepare?: (root: string) => Promise<void>;
}

/** What came of one book: how it stands, and what was built of it or why nothing was. */
export interface BuiltBook {
  name: string;
  root: string;
  state: string;
  sentence: string;
  problem: string | undefined;
  site: BuildResult | undefined;
}

/** What was built; the books stand in the order of the page. */
export interface FleetResult {
  out: string;
  index: string;
  address: string;
  title: string;
  sentence: string;
  books: BuiltBook[];
  durationMs: number;
}

/**
 * Builds the sites of several books and the page of all of them. A book that cannot be built is a row that says why, and keeps
 * nobody from the others. The site of each is replaced as a whole; the page comes last, and then what no longer belongs goes.
 */
export async function buildFleet(options: FleetOptions, effects: FleetEffects = {}): Promise<FleetResult> {
  const started = performance.now();
  const out = resolve(options.out);
  for (const { root } of options.books) refuseOverlap(resolve(root), out);
  refuseForeignFleet(out);
  const built: (BuiltBook & { book: FleetBook })[] = [];
  for (const each of options.books) built.push(await buildBook(each, out, effects));
  const fleet: Fleet = {
    title: options.title,
    version: packageVersion(import.meta.url),
    builtAtUs: effects.nowUs?.() ?? Date.now() * 1000,
    books: inOrder(built.map(({ book }) => book)),
    elsewhere: { address: options.address, badges: [], leaveOut: leftOut(options) },
  };
  effects.progress?.('all books');
  await placePage(fleet, out);
  const index = join(out, 'index.html');
  return {
    out,
    index,
    address: pathToFileURL(index).href,
    title: fleet.title,
    sentence: fleetHeadline(fleet).sentence,
    books: fleet.books.map(({ name }) => {
      const { book: _, ...said } = built.find((each) => each.name === name)!;
      return said;
    }),
    durationMs: performance.now() - started,
  };
}

/** The page of all books has no picture, and no pages beside it that search engines could be told of. */
function leftOut({ leaveOut = [] }: FleetOptions): ElsewhereSettings['leaveOut'] {
  return [...new Set([...leaveOut, 'badges', 'image', 'sitemap'] as const)];
}

async function buildBook(
  { name, root }: { name: string; root: string },
  out: string,
  { prepare, progress, ...effects }: FleetEffects,
): Promise<BuiltBook & { book: FleetBook }> {
  const folder = resolve(root);
  const told = (text: string) => progress?.(`${name}: ${text}`);
  try {
    requireFolder(folder);
    await prepare?.(folder);
    const place = join(out, name);
    const { result, book } = await placeSite(
      { root: folder, out: place, allBooks: '../index.html' },
      { ...effects, progress: told },
    );
    const read = fleetBookOf(name, book);
    return {
      name,
      root: folder,
      state: read.state,
      sentence: read.sentence,
      problem: undefined,
      site: result,
      book: read,
    };
  } catch (error) {
    // Where a book lies on this machine concerns nobody who reads the page.
    const problem = reasonOf(error).replaceAll(folder, name).replaceAll(out, basename(out));
    const book: FleetBook = { name, problem, earlierUs: earlierBuild(join(out, name)) };
    return { name, root: folder, state: stateOf(book), sentence: problem, problem, site: undefined, book };
  }
}

function requireFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  const what = found === undefined ? 'There is no folder' : 'There is a file in the place of the folder';
  throw new DaybookError('no-book', `${what} of this book.`);
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const [line = ''] = said.split('\n');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** When the site that an earlier build left of a book was built; undefined where there is none. */
function earlierBuild(site: string): number | undefined {
  try {
    const summary = parseJson(readFileSync(join(site, 'api', 'summary.json'), 'utf8'));
    const said = isObject(summary) && isObject(summary['site']) ? summary['site']['built_at'] : undefined;
    return typeof said === 'string' ? parseTime(said)?.us : undefined;
  } catch {
    return undefined;
  }
}

async function placePage(fleet: Fleet, out: string): Promise<void> {
  const root = packageRoot();
  const { page, markdown } = await renderFleet(fleet, root);
  await copyAssets(root, join(out, 'assets'));
  const files = fleetFiles(fleet, await readSchema('api-fleet'));
  for (const { name, text } of files) place(join(out, name), text);
  if (markdown !== undefined) place(join(out, 'index.md'), markdown);
  place(join(out, 'index.html'), page);
  const names = [
    ...files.map(({ name }) => name.split('/')[0]!),
    ...(markdown === undefined ? [] : ['index.md']),
  ];
  removeOthers(out, new Set([...names, 'index.html', 'assets', ...fleet.books.map(({ name }) => name)]));
}

/** A file whole or not at all: somebody may read the page that stands there. */
function place(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = join(dirname(path), `.${basename(path)}-new-${process.pid}`);
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}

/** What an earlier site left that is no part of this one: books that are gone, the pages of a single book. */
function removeOthers(out: string, ours: ReadonlySet<string>): void {
  // Files of hosts may lie beside a site and outlive it.
  for (const name of readdirSync(out))
    if (!ours.has(name) && name !== 'CNAME' && !name.startsWith('.'))
      rmSync(join(out, name), { recursive: true, force: true });
}
