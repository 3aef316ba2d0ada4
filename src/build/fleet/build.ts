import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageVersion } from '../../data/book/package-root.ts';
import type { ElsewhereSettings } from '../../data/elsewhere/settings.ts';
import { inOrder } from '../../data/fleet/order.ts';
import { fleetHeadline } from '../../data/fleet/sentence.ts';
import type { Fleet, FleetBook } from '../../data/fleet/types.ts';
import { refuseForeignFleet, refuseOverlap } from '../own-output.ts';
import { type BuiltBook, buildBook, type FleetEffects } from './book.ts';
import { placePage } from './page.ts';

/** What to build: the books at these folders, each into a folder of its name below `out`, and the page of all of them. */
export interface FleetOptions {
  books: readonly { name: string; root: string }[];
  out: string;
  title: string;
  /** Where all of it will be published, with a slash at its end. */
  address?: string | undefined;
  leaveOut?: ElsewhereSettings['leaveOut'];
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
  const built = new Map<FleetBook, BuiltBook>();
  for (const each of options.books) {
    const { book, ...said } = await buildBook(each, { out, address: options.address }, effects);
    built.set(book, said);
  }
  const fleet: Fleet = {
    title: options.title,
    version: packageVersion(import.meta.url),
    builtAtUs: effects.nowUs?.() ?? Date.now() * 1000,
    books: inOrder([...built.keys()]),
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
    books: fleet.books.map((book) => built.get(book)!),
    durationMs: performance.now() - started,
  };
}

/** The page of all books has no picture, and no pages beside it that search engines could be told of. */
function leftOut({ leaveOut = [] }: FleetOptions): ElsewhereSettings['leaveOut'] {
  return [...new Set([...leaveOut, 'badges', 'image', 'sitemap'] as const)];
}
