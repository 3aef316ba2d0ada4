import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyAssets } from './build/assets.ts';
import { freshFolder } from './build/fresh-folder.ts';
import { type DoubtfulToken, refuseSecrets } from './build/refuse-secrets.ts';
import { renderPages } from './build/render.ts';
import { replaceFolder } from './build/replace-folder.ts';
import { findPackageRoot } from './data/book/package-root.ts';
import type { NotCopied } from './data/publish/artifacts.ts';
import { readBook } from './data/reader.ts';

/** What to build: the book at `root`, into `out` (default: dashboard/ in the book). */
export interface BuildOptions {
  root: string;
  out?: string;
}

/** What a build takes from outside. */
export interface BuildEffects {
  /** Called with a short phrase whenever the work goes on to something else. */
  progress?: (text: string) => void;
  nowUs?: () => number;
}

/** What was built. */
export interface BuildResult {
  out: string;
  /** The first page. */
  index: string;
  /** file:// address of the first page. */
  address: string;
  pages: number;
  actions: number;
  snapshots: number;
  findings: number;
  /** What was published and may be a secret or not. */
  doubtful: DoubtfulToken[];
  /** Files of runs that pages name and that could not be copied into the site. */
  notCopied: NotCopied[];
  durationMs: number;
  /** Which data files came from the cache. */
  reused: { actions: boolean; snapshots: boolean; runs: boolean; versions: boolean };
}

/**
 * Builds the site of a book. The folder `out` is replaced as a whole at the end: a reader sees the old site or
 * the new one. Nothing is written outside `out` and the book's .daybook/ folder, so it works from an installed package.
 * @throws DaybookError `secrets` where the site would publish one, whatever Astro says; the old site then still stands.
 */
export async function buildSite(options: BuildOptions, effects: BuildEffects = {}): Promise<BuildResult> {
  const started = performance.now();
  const progress = effects.progress ?? (() => {});
  const root = resolve(options.root);
  const out = resolve(root, options.out ?? 'dashboard');
  refuseOverlap(root, out);
  refuseForeign(out);
  const work = join(root, '.daybook', 'site');
  progress('reading the book');
  const effectsOfReading = { progress, ...(effects.nowUs === undefined ? {} : { nowUs: effects.nowUs() }) };
  const loaded = await readBook(root, effectsOfReading);
  const fresh = freshFolder(work);
  progress('rendering pages');
  const cache = join(root, '.daybook', 'cache', 'astro');
  await renderPages(loaded.book, { packageRoot: packageRoot(), work, out: fresh, cache });
  progress('publishing data');
  const { notCopied } = loaded.publish(fresh);
  await copyAssets(packageRoot(), join(fresh, 'assets'));
  progress('looking for secrets');
  const doubtful = await refuseSecrets(fresh, { root, out, work, allow: loaded.mayPublish });
  const pages = countPages(fresh);
  replaceFolder(fresh, out);
  const index = join(out, 'index.html');
  return {
    out,
    index,
    address: pathToFileURL(index).href,
    pages,
    actions: loaded.book.actions.total,
    snapshots: loaded.book.snapshots.length,
    findings: loaded.book.findings.length,
    doubtful,
    notCopied,
    durationMs: performance.now() - started,
    reused: loaded.reused,
  };
}

/** The folder of Daybook, whether this file is source or bundle. */
function packageRoot(): string {
  const root = findPackageRoot(import.meta.url);
  if (root === undefined)
    throw new Error('Expected a package.json named daybook above the build, found none.');
  return root;
}

/** A site may lie inside the book, but never be the book, hold it, or lie where recordings are. */
function refuseOverlap(root: string, out: string): void {
  const inside = relative(out, root);
  const holdsBook = inside === '' || (!inside.startsWith(`..${sep}`) && inside !== '..');
  const place = relative(root, out).split(sep)[0];
  if (!holdsBook && place !== 'snapshots' && place !== '.git' && place !== '.daybook') return;
  throw new Error(
    `Expected a folder of its own for the site, found ${out}, which holds the book or its recordings.`,
  );
}

/** The folder is replaced as a whole: one that holds anything but an earlier site is left alone. */
function refuseForeign(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  if (existsSync(join(out, 'assets', 'daybook.js')) && existsSync(join(out, 'index.html'))) return;
  throw new Error(
    `Expected an empty folder or an earlier site at ${out}, found other files; name another folder.`,
  );
}

function countPages(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.html')).length;
}
