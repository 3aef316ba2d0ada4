import type { ActionShard } from '../../data/actions/index.ts';
import { breathe } from '../breathe.ts';
import type { DataFiles } from '../data-files.ts';
import { freeValues } from '../free-buffer.ts';
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

/** The summaries of a shard, group by group with the row that each begins with. */
export type Summaries = { start: number; texts: PackedTexts }[];

/** The texts of all actions for searches: summaries stay once they are read, details are read anew and kept by nobody. */
export class SearchTexts {
  readonly #files: DataFiles;
  readonly #shards: readonly ActionShard[];
  readonly #groupRows: number;
  readonly #summaries: Kept<ActionShard, Summaries>;
  readonly #packed = new Map<ActionShard, Summaries>();
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
  summaries(shard: ActionShard): Promise<Summaries> {
    return this.#summaries.get(shard);
  }

  /** The summaries of a shard where they are there already. */
  summariesNow(shard: ActionShard): Summaries | undefined {
    return this.#packed.get(shard);
  }

  /** Opens the details of a shard for one search. */
  open(shard: ActionShard): Promise<OpenedParquet> {
    return openWhole(this.#files, shard.details);
  }

  /** What an opened shard holds, group by group from the newest; each is gone when the next one is asked for. */
  async *groups(shard: ActionShard, opened: OpenedParquet): AsyncGenerator<TextGroup> {
    for (const [from, to] of this.#groupsOf(shard).reverse()) {
      const { details, error } = await readBytes(opened, ['details', 'error'], [from, to]);
      yield { start: shard.start + from, end: shard.start + to, details: details!, errors: error! };
      freeValues(details!);
      freeValues(error!);
    }
    opened.free?.();
  }

  #groupsOf({ count }: ActionShard): [from: number, to: number][] {
    return Array.from({ length: Math.ceil(count / this.#groupRows) }, (_, group) => [
      group * this.#groupRows,
      Math.min((group + 1) * this.#groupRows, count),
    ]);
  }

  async #readSummaries(shard: ActionShard): Promise<Summaries> {
    const opened = await openWhole(this.#files, shard.text);
    const packed: Summaries = [];
    for (const [from, to] of this.#groupsOf(shard)) {
      const { summary } = await readBytes(opened, ['summary'], [from, to]);
      packed.push({ start: shard.start + from, texts: packTexts(summary!) });
      freeValues(summary!);
      await breathe();
    }
    opened.free?.();
    this.#packed.set(shard, packed);
    return packed;
  }
}
