import type { LoadedBook } from './book/load.ts';
import { packageVersion } from './book/package-root.ts';

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
