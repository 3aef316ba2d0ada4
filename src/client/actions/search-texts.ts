import type { ActionShard } from '../../data/actions/index.ts';
import { breathe } from '../breathe.ts';
import type { DataFiles } from '../data-files.ts';
import { Kept } from '../kept.ts';
import { type ColumnValues, type OpenedParquet, openWhole, readBytes } from '../parquet.ts';
import { type PackedTexts, packTexts } from './packed-texts.ts';

/** What a search looks through of the rows [start, end): UTF-8, and nothing where there is no error. */
export interface TextGroup {
  start: number;
  end: number;
  details: ColumnValues;
  errors: ColumnValues;
}

/** The texts of all actions for searches: summaries stay once they are read, details are read anew and kept by nobody. */
export class SearchTexts {
  readonly #files: DataFiles;
  readonly #shards: readonly ActionShard[];
  readonly #groupRows: number;
  readonly #summaries: Kept<ActionShard, PackedTexts>;
  readonly #packed = new Map<ActionShard, PackedTexts>();
  #isAsked = false;

  constructor(files: DataFiles, shards: readonly ActionShard[], groupRows: number) {
    this.#files = files;
    this.#shards = shards;
    this.#groupRows = groupRows;
    this.#summaries = new Kept((shard) => this.#readSummaries(shard));
  }

  /** Reads summaries ahead of the first search, from the newest. */
  async prepare(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    try {
      for (const shard of [...this.#shards].reverse()) {
        await this.summaries(shard);
        await breathe();
      }
    } catch {
      // A search that needs what could not be read asks for it again, and says why it could not.
      this.#isAsked = false;
    }
  }

  /** The summaries of a shard. */
  summaries(shard: ActionShard): Promise<PackedTexts> {
    return this.#summaries.get(shard);
  }

  /** The summaries of a shard where they are there already. */
  summariesNow(shard: ActionShard): PackedTexts | undefined {
    return this.#packed.get(shard);
  }

  /** Opens the details of a shard for one search. */
  open(shard: ActionShard): Promise<OpenedParquet> {
    return openWhole(this.#files, shard.details);
  }

  /** What an opened shard holds, group by group from the newest. */
  async *groups(shard: ActionShard, opened: OpenedParquet): AsyncGenerator<TextGroup> {
    const last = Math.floor((shard.count - 1) / this.#groupRows);
    for (let group = last; group >= 0; group--) {
      const from = group * this.#groupRows;
      const to = Math.min(from + this.#groupRows, shard.count);
      const { details, error } = await readBytes(opened, ['details', 'error'], [from, to]);
      yield { start: shard.start + from, end: shard.start + to, details: details!, errors: error! };
    }
  }

  async #readSummaries(shard: ActionShard): Promise<PackedTexts> {
    const opened = await openWhole(this.#files, shard.text);
    const { summary } = await readBytes(opened, ['summary'], [0, shard.count]);
    await breathe();
    const packed = packTexts(summary!);
    this.#packed.set(shard, packed);
    return packed;
  }
}
