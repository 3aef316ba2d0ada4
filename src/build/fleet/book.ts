import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DaybookError, isObject, parseJson, parseTime } from '../../data/browser.ts';
import { fleetBookOf } from '../../data/fleet/book.ts';
import { type FleetBook, stateOf } from '../../data/fleet/types.ts';
import type { BuildEffects } from '../render-site.ts';
import { type BuildResult, placeSite } from '../whole-site.ts';

/** What building one of several books takes from outside. */
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
  /** Where the problem is, and what to do about it: for those who build. */
  where: string | undefined;
  hint: string | undefined;
  site: BuildResult | undefined;
}

/** Builds the site of one of several books into the folder of its name in `out`. Never fails: what went wrong is told of the book. */
export async function buildBook(
  { name, root }: { name: string; root: string },
  { out, address }: { out: string; address?: string | undefined },
  { prepare, progress, ...effects }: FleetEffects,
): Promise<BuiltBook & { book: FleetBook }> {
  const folder = resolve(root);
  const place = join(out, name);
  const given = {
    root: folder,
    out: place,
    allBooks: '../index.html',
    address: address && `${address}${name}/`,
  };
  try {
    requireFolder(folder);
    await prepare?.(folder);
    const told = (text: string) => progress?.(`${name}: ${text}`);
    const { result, book: whole } = await placeSite(given, { ...effects, progress: told });
    const book = fleetBookOf(name, whole);
    const { state, sentence } = book;
    return { name, root: folder, state, sentence, ...noProblem, site: result, book };
  } catch (error) {
    // Where a book lies on this machine concerns nobody who reads the page.
    const problem = reasonOf(error).replaceAll(folder, name).replaceAll(out, basename(out));
    const book: FleetBook = { name, problem, earlierUs: earlierBuild(place) };
    const { where, hint } = error instanceof DaybookError ? error : noProblem;
    const told = { sentence: problem, problem, where, hint };
    return { name, root: folder, state: stateOf(book), ...told, site: undefined, book };
  }
}

const noProblem = { problem: undefined, where: undefined, hint: undefined };

function requireFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  const what = found === undefined ? 'There is no folder' : 'There is a file in the place of the folder';
  throw new DaybookError('no-book', `${what} of this book.`);
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  // A list may follow the first line; it is for those who build.
  const line = said.split('\n')[0]!.replace(/[:\s]+$/, '');
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
