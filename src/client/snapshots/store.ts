import { snapshotInForce } from '../../charts/time-travel.ts';
import type { JsonObject } from '../../data/browser.ts';
import { compareHref, snapshotHref } from '../../data/links.ts';
import type { SnapshotChunk, SnapshotIndex } from '../../data/snapshots/index.ts';
import { chunkOf, LaidChunk } from '../../data/snapshots/laid-chunk.ts';
import { type DataFiles, replaced, siteReplaced } from '../data-files.ts';
import { Kept } from '../kept.ts';

const maxChunks = 6;

/** All snapshots of a book by number, contents chunk by chunk. */
export class SnapshotStore {
  readonly index: SnapshotIndex;
  readonly #chunks: Kept<number, LaidChunk>;

  constructor(files: DataFiles, index: SnapshotIndex) {
    this.index = index;
    this.#chunks = new Kept(
      async (chunk) =>
        new LaidChunk((await files.packedJson(index.chunks.files[chunk]!).catch(replaced)) as SnapshotChunk),
      maxChunks,
    );
  }

  /** Opens data/snapshots. */
  static async open(files: DataFiles): Promise<SnapshotStore> {
    return new SnapshotStore(files, (await files.json('index')) as SnapshotIndex);
  }

  /** Number of the snapshot whose state was in force at a time; undefined where there was none yet. */
  inForce(atUs: number): number | undefined {
    const number = snapshotInForce(this.index.atUs, atUs);
    return (this.index.atUs[number] ?? Number.POSITIVE_INFINITY) <= atUs ? number : undefined;
  }

  /** The page of a snapshot, or its comparison with the one before where it has none. */
  hrefOf(number: number): string {
    const { ids, firstPage } = this.index;
    const id = ids[number]!;
    return number >= firstPage ? snapshotHref('', id) : compareHref('', ids[number - 1] ?? id, id);
  }

  async content(number: number): Promise<JsonObject> {
    const { ids, chunks } = this.index;
    const chunk = chunkOf(chunks.firsts, number);
    if (chunk < 0) throw siteReplaced();
    const laid = await this.#chunks.get(chunk);
    const position = number - chunks.firsts[chunk]!;
    const found = laid.at(position);
    if (found === undefined || laid.ids[position] !== ids[number]) throw siteReplaced();
    return found;
  }
}
