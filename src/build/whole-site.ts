import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SiteBook } from '../data/book/types.ts';
import { refuseForeignFolder, refuseOverlap } from './own-output.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { type BuildEffects, type BuiltCounts, renderSite, type SiteGiven } from './render-site.ts';
import { replaceFolder } from './replace-folder.ts';

/** What was built. */
export interface BuildResult extends BuiltCounts {
  out: string;
  /** The first page. */
  index: string;
  /** file:// address of the first page. */
  address: string;
}

/**
 * Builds the site of a book into `out`, relative to the book, alone or as one of several; the folder is replaced as a whole at
 * the end. Gives what came of it, and the book as its pages show it.
 */
export async function placeSite(
  given: Omit<SiteGiven, 'selection'> & { out: string },
  effects: BuildEffects,
): Promise<{ result: BuildResult; book: SiteBook }> {
  const root = resolve(given.root);
  const out = resolve(root, given.out);
  refuseOverlap(root, out);
  refuseForeignFolder(out);
  const { fresh, work, loaded, phases, counts } = await renderSite({ ...given, root }, effects);
  const doubtful = await refuseSecrets(fresh, { root, out, work, allow: loaded.mayPublish });
  phases.begin('place');
  replaceFolder(fresh, out);
  const index = join(out, 'index.html');
  const result = { out, index, address: pathToFileURL(index).href, ...counts(doubtful) };
  return { result, book: loaded.book };
}
