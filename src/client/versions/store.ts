import {
  type VersionChunk,
  type VersionIndex,
  versionChunkName,
  viewsOfIndex,
} from '../../data/versions/index.ts';
import type { VersionDetails, VersionView } from '../../data/versions/types.ts';
import { type DataFiles, siteReplaced } from '../data-files.ts';
import { Kept } from '../kept.ts';

const maxChunks = 6;

/** All versions of a book as lists show them, and any of them with its content. */
export class VersionStore {
  /** Newest first. */
  readonly views: VersionView[];
  readonly #chunkOf: Map<string, number>;
  readonly #chunks: Kept<number, VersionChunk>;

  constructor(files: DataFiles, index: VersionIndex) {
    this.views = viewsOfIndex(index);
    this.#chunkOf = new Map(index.versions.map((version, at) => [version, index.chunk[at] ?? -1]));
    const load = (chunk: number) => files.packedJson(versionChunkName(chunk));
    this.#chunks = new Kept(load as (chunk: number) => Promise<VersionChunk>, maxChunks);
  }

  /** Opens data/versions. */
  static async open(files: DataFiles): Promise<VersionStore> {
    return new VersionStore(files, (await files.json('index')) as VersionIndex);
  }

  /** Undefined where the book has none of that name. */
  async detailsOf(version: string): Promise<VersionDetails | undefined> {
    const number = this.#chunkOf.get(version) ?? -1;
    if (number < 0) return undefined;
    const found = (await this.#chunks.get(number)).find((entry) => entry.version === version);
    if (found === undefined) throw siteReplaced();
    return found;
  }
}
