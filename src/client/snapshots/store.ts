import type { JsonObject } from '../../data/browser.ts';
import type { SnapshotChunk, SnapshotIndex } from '../../data/snapshots/index.ts';
import { type DataFiles, dataFiles } from '../data-files.ts';

/** All snapshots of a book by number, contents chunk by chunk. */
export interface SnapshotStore {
  index: SnapshotIndex;
  content(number: number): Promise<JsonObject>;
}

/** How many chunks stay in memory, the ones used last. */
const maxChunks = 6;

/** Opens data/snapshots below `base`. */
export async function openSnapshotStore(base: string): Promise<SnapshotStore> {
  const files: DataFiles = dataFiles(base, 'snapshots/');
  const index = (await files.json('index')) as SnapshotIndex;
  const chunks = new Map<number, Promise<SnapshotChunk>>();
  return {
    index,
    async content(number) {
      const chunk = Math.floor(number / index.perChunk);
      const name = `chunk-${String(chunk).padStart(4, '0')}`;
      const loading = chunks.get(chunk) ?? (files.json(name) as Promise<SnapshotChunk>);
      chunks.delete(chunk);
      chunks.set(chunk, loading);
      if (chunks.size > maxChunks) chunks.delete(chunks.keys().next().value!);
      loading.catch(() => chunks.delete(chunk));
      const found = (await loading)[number % index.perChunk];
      if (found?.id !== index.ids[number])
        throw new Error('the site was built again since this page was opened; reload the page');
      return found!.content as JsonObject;
    },
  };
}
