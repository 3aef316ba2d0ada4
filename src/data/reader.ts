import { resolve } from 'node:path';
import { handedBook } from './book/handover.ts';
import type { LoadedBook } from './book/load.ts';
import { packageVersion } from './book/package-root.ts';
import type { SiteBook } from './book/types.ts';

let loading: Promise<LoadedBook> | undefined;

/**
 * The book that all pages show, loaded once. A build that has already loaded it hands it over in the same process;
 * `astro dev` and `astro build` alone load the book at DAYBOOK_ROOT or in the working directory.
 */
export async function loadSiteBook(): Promise<SiteBook> {
  const handed = handedBook();
  if (handed !== undefined) return handed;
  loading ??= readBook(resolve(process.env['DAYBOOK_ROOT'] ?? '.'), {});
  return (await loading).book;
}

/** Loads a book and prepares its data files; the only place where the site touches the collector. */
export async function readBook(
  root: string,
  effects: { nowUs?: number; progress?: (text: string) => void },
): Promise<LoadedBook> {
  const [collector, { loadBook }] = await Promise.all([
    import('../../collector/read.ts'),
    import('./book/load.ts'),
  ]);
  return loadBook(root, collector, {
    nowUs: effects.nowUs ?? Date.now() * 1000,
    progress: effects.progress ?? (() => {}),
    version: packageVersion(import.meta.url),
  });
}
