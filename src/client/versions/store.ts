import {
  type VersionChunk,
  type VersionIndex,
  versionChunkName,
  viewsOfIndex,
} from '../../data/versions/index.ts';
import type { VersionDetails, VersionView } from '../../data/versions/types.ts';
import { dataFiles } from '../data-files.ts';

/** All versions of a book as lists show them, and any of them with its content. */
export interface VersionStore {
  /** Newest first. */
  views: VersionView[];
  /** Undefined where the book has none of that name. */
  detailsOf(version: string): Promise<VersionDetails | undefined>;
}

/** How many files of contents stay in memory, the ones used last. */
const maxChunks = 6;

/** Opens data/versions below `base`. */
export async function openVersionStore(base: string): Promise<VersionStore> {
  const files = dataFiles(base, 'versions/');
  const index = (await files.json('index')) as VersionIndex;
  const numbers = new Map(index.versions.map((version, at) => [version, index.chunk[at] ?? -1]));
  const chunks = new Map<number, Promise<VersionChunk>>();
  return {
    views: viewsOfIndex(index),
    async detailsOf(version) {
      const number = numbers.get(version);
      if (number === undefined || number < 0) return undefined;
      const loading =
        chunks.get(number) ?? (files.packedJson(versionChunkName(number)) as Promise<VersionChunk>);
      chunks.delete(number);
      chunks.set(number, loading);
      if (chunks.size > maxChunks) chunks.delete(chunks.keys().next().value!);
      loading.catch(() => chunks.delete(number));
      const found = (await loading).find((entry) => entry.version === version);
      if (found === undefined)
        throw new Error('the site was built again since this page was opened; reload the page');
      return found;
    },
  };
}
