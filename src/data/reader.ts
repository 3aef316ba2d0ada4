import type { LoadedBook } from './book/load.ts';
import { packageVersion } from './book/package-root.ts';
import type { Phases } from './book/phases.ts';
import type { Selection } from './book/types.ts';

/** Loads a book, or a part of it, and prepares its data files; the only place where the site touches the collector. */
export async function readBook(
  root: string,
  effects: { nowUs?: number; progress?: (text: string) => void; phases?: Phases },
  selection?: Selection,
): Promise<LoadedBook> {
  const [collector, { loadBook }, { selectedReads }] = await Promise.all([
    import('../../collector/read.ts'),
    import('./book/load.ts'),
    import('./book/selection.ts'),
  ]);
  const selected = selection && (await selectedReads(root, collector, selection));
  return loadBook(root, selected?.collector ?? collector, {
    selection,
    part: selected?.part,
    nowUs: effects.nowUs ?? Date.now() * 1000,
    progress: effects.progress ?? (() => {}),
    phases: effects.phases,
    version: packageVersion(import.meta.url),
  });
}

/** The JSON Schema of a kind of file; undefined where there is none of this name. */
export async function readSchema(name: string): Promise<object | undefined> {
  const { jsonSchemas } = await import('../../collector/read.ts');
  return jsonSchemas()[name];
}
