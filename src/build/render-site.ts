import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoadedBook } from '../data/book/load.ts';
import { findPackageRoot } from '../data/book/package-root.ts';
import { type PhaseReport, Phases } from '../data/book/phases.ts';
import type { Selection } from '../data/book/types.ts';
import type { NotCopied } from '../data/publish/artifacts.ts';
import { filesBelow } from '../data/publish/manifest.ts';
import { readBook } from '../data/reader.ts';
import { copyAssets } from './assets.ts';
import { countFiles } from './count-files.ts';
import { writeElsewhere } from './elsewhere.ts';
import { freshFolder } from './fresh-folder.ts';
import { renderPages } from './pages/render.ts';
import type { DoubtfulToken } from './refuse-secrets.ts';
import { isTwin } from './scan-site.ts';

/** What a build takes from outside. */
export interface BuildEffects {
  /** Called with a short phrase whenever the work goes on to something else. */
  progress?: (text: string) => void;
  nowUs?: () => number;
}

/** What of a book was built. */
export interface BuiltCounts {
  pages: number;
  actions: number;
  snapshots: number;
  runs: number;
  findings: number;
  /** What was published and may be a secret or not. */
  doubtful: DoubtfulToken[];
  /** Files of runs that pages name and that could not be copied into the site. */
  notCopied: NotCopied[];
  durationMs: number;
  /** What its parts took, in their order. */
  phases: PhaseReport[];
  /** Which data files came from the cache. */
  reused: { actions: boolean; snapshots: boolean; runs: boolean; versions: boolean };
}

/** A site that is complete and stands nowhere yet. */
export interface RenderedSite {
  root: string;
  /** The folder it lies in, below `work`; whoever asked for it moves or removes it. */
  fresh: string;
  /** Where builds of this book may write: the book's .daybook/site. */
  work: string;
  loaded: LoadedBook;
  notCopied: NotCopied[];
  phases: Phases;
  /** The counts of what was built, given what was found in it; asked for when all is done. */
  counts(doubtful: DoubtfulToken[]): BuiltCounts;
}

/** What is rendered: all of a book or a part of it, alone or as one of several. */
export interface SiteGiven {
  root: string;
  selection?: Selection | undefined;
  /** Where the page of all books will lie, seen from the first page. */
  allBooks?: string | undefined;
  /** Where it will be published, where that is not what its own settings say. */
  address?: string | undefined;
}

/** Renders the site of a book, or of a part of it, into a folder of its own: pages, data files and assets. */
export async function renderSite(given: SiteGiven, effects: BuildEffects = {}): Promise<RenderedSite> {
  const [started, startedMs] = [performance.now(), Date.now()];
  const progress = effects.progress ?? (() => {});
  const phases = new Phases(progress);
  const root = resolve(given.root);
  const work = join(root, '.daybook', 'site');
  const effectsOfReading = {
    progress,
    phases,
    ...(effects.nowUs === undefined ? {} : { nowUs: effects.nowUs() }),
  };
  const loaded = await readBook(root, effectsOfReading, given.selection);
  const { book } = loaded;
  book.allBooks = given.allBooks;
  if (given.address !== undefined) book.elsewhere = { ...book.elsewhere, address: given.address };
  const fresh = freshFolder(work);
  phases.begin('pages');
  const cache = join(root, '.daybook', 'cache', keptIn(given));
  const { twinMs } = await renderPages(book, { packageRoot: packageRoot(), out: fresh, cache });
  phases.shift('pages', 'elsewhere', twinMs);
  phases.begin('data');
  const { notCopied } = loaded.publish(fresh);
  if (!loaded.fileProtocol) removeTwins(fresh);
  // A part of a book is sent as one file, in which nobody else reads.
  if (given.selection === undefined) {
    phases.begin('elsewhere');
    writeElsewhere(book, { out: fresh, cache: join(root, '.daybook', 'cache', 'elsewhere') });
  }
  phases.begin('data');
  await copyAssets(packageRoot(), join(fresh, 'assets'));
  const pages = countFiles(fresh, phases, startedMs);
  phases.begin('secrets');
  const counts = (doubtful: DoubtfulToken[]): BuiltCounts => ({
    pages,
    actions: book.actions.total,
    snapshots: book.snapshots.length,
    runs: book.runs.total,
    findings: book.findings.length,
    doubtful,
    notCopied,
    durationMs: performance.now() - started,
    phases: phases.end(),
    reused: loaded.reused,
  });
  return { root, fresh, work, loaded, notCopied, phases, counts };
}

/** Pages that are kept say in their frame what of the book they belong to, and whether there are other books. */
function keptIn({ selection, allBooks }: SiteGiven): string {
  if (selection !== undefined) return 'pages-part';
  return allBooks === undefined ? 'pages' : 'pages-of-several';
}

/** A site that is only ever read over http has no use for the script twins of its data files. */
function removeTwins(site: string): void {
  for (const file of filesBelow(site)) if (isTwin(site, file)) rmSync(join(site, file));
}

/** The folder of Daybook, whether this file is source or bundle. */
export function packageRoot(): string {
  const root = findPackageRoot(import.meta.url);
  if (root === undefined)
    throw new Error('Expected a package.json named daybook above the build, found none.');
  return root;
}
