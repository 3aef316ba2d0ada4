import type { ActionIndex, ActionShard, PublishedFile } from '../../data/actions/index.ts';
import { breathe } from '../breathe.ts';
import type { DataFiles } from '../data-files.ts';
import { type CodedTexts, readNumbers, readTexts } from '../flat-columns.ts';
import { Kept } from '../kept.ts';
import { type ColumnValues, type OpenedParquet, openParquet, openWhole, readColumns } from '../parquet.ts';
import { dictionary } from './dictionary.ts';
import { RowKinds } from './kinds.ts';
import { SearchTexts } from './search-texts.ts';

/** The columns of all rows, oldest first. */
export interface Columns {
  time: Float64Array;
  took: Float32Array;
  /** What kind of row it is: its status, type, run, writer, and the file's own word where the status is unknown. */
  kind: Uint32Array;
}

/** What the details files hold about one row. */
export interface ActionDetails {
  key: string;
  details: string;
  error: string | null;
  source: string | null;
  file: string;
  line: number;
  status_word: string;
  status_from: string;
  zoneless: boolean;
  started_at: number | null;
  ended_at: number | null;
  history: string | null;
  extra: string | null;
}

/** How many files of a kind stay in memory: from disk, and from servers without ranges, they are there whole. */
const maxOpen = { text: 6, details: 4 };
const textBlock = 2048;
const maxBlocks = 40;

/** All actions of a book in typed arrays, loaded shard by shard from the newest; texts and details come when they are asked for. */
export class ActionStore {
  readonly total: number;
  readonly columns: Columns;
  readonly kinds = new RowKinds();
  readonly types = dictionary();
  readonly runs = dictionary();
  readonly writers = dictionary();
  readonly words = dictionary();
  readonly statuses: string[];
  readonly shards: ActionShard[];
  /** What searches look through. */
  readonly texts: SearchTexts;
  readonly #files: DataFiles;
  readonly #opened: Record<keyof typeof maxOpen, Kept<PublishedFile, OpenedParquet>>;
  readonly #summaries = new Map<number, string[] | null>();
  #loadedFrom: number;

  /** Nothing but the index is loaded yet. */
  constructor(files: DataFiles, { total, shards, statuses, groupRows }: ActionIndex) {
    this.total = total;
    this.#files = files;
    this.shards = shards;
    this.statuses = statuses;
    this.columns = {
      time: new Float64Array(total),
      took: new Float32Array(total),
      kind: new Uint32Array(total),
    };
    this.texts = new SearchTexts(files, shards, groupRows);
    const kept = (max: number) => new Kept((file: PublishedFile) => openParquet(files, file), max);
    this.#opened = { text: kept(maxOpen.text), details: kept(maxOpen.details) };
    this.#loadedFrom = total;
  }

  /** Opens the published actions. */
  static async open(files: DataFiles): Promise<ActionStore> {
    return new ActionStore(files, (await files.json('index')) as ActionIndex);
  }

  /** Rows from here on are loaded. */
  loadedFrom(): number {
    return this.#loadedFrom;
  }

  /** The codes of a row. */
  codeOf(part: keyof RowKinds['codes'], row: number): number {
    return this.kinds.codes[part][this.columns.kind[row]!]!;
  }

  /** Loads all rows, from the newest; while those of a shard are taken in, the next one travels. */
  async loadAll(onShard: () => void | Promise<void>): Promise<void> {
    const open = (shard: ActionShard | undefined) => {
      const opened = shard && openWhole(this.#files, shard.rows);
      // What cannot be read is said when its turn comes.
      opened?.catch(() => {});
      return opened;
    };
    let ahead = open(this.shards.at(-1));
    for (let at = this.shards.length - 1; at >= 0; at--) {
      const opened = await ahead!;
      ahead = open(this.shards[at - 1]);
      await this.#loadShard(this.shards[at]!, opened);
      await onShard();
      await breathe();
    }
  }

  /** The row with that key, or -1. */
  async rowOf(key: string): Promise<number> {
    for (const shard of likelyFirst(this.shards, key)) {
      const { key: keys } = await this.#read(
        'details',
        shard,
        ['key'],
        shard.start,
        shard.start + shard.count,
      );
      const at = Array.prototype.indexOf.call(keys, key);
      if (at >= 0) return shard.start + at;
    }
    return -1;
  }

  /** The summary of a row if it is there; otherwise it is on its way and `onText` will be called. */
  summary(row: number, onText: () => void): string | undefined {
    const block = Math.floor(row / textBlock);
    const known = this.#summaries.get(block);
    if (known !== undefined) return known?.[row - block * textBlock];
    this.#summaries.set(block, null);
    if (this.#summaries.size > maxBlocks) this.#summaries.delete(this.#summaries.keys().next().value!);
    const start = block * textBlock;
    this.#readSummaries(start, Math.min(start + textBlock, this.total)).then(
      (texts) => {
        if (this.#summaries.has(block)) this.#summaries.set(block, texts);
        onText();
      },
      // Asked for again when the rows are next drawn; until then they stand without a summary.
      () => this.#summaries.delete(block),
    );
    return undefined;
  }

  async details(row: number): Promise<ActionDetails> {
    const read = await this.#read('details', this.#shardOf(row), undefined, row, row + 1);
    const values = Object.entries(read).map(([name, column]) => [name, column[0]]);
    return Object.fromEntries(values) as unknown as ActionDetails;
  }

  #shardOf(row: number): ActionShard {
    const { shards } = this;
    let [low, high] = [0, shards.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (shards[middle]!.start <= row) low = middle;
      else high = middle - 1;
    }
    return shards[low]!;
  }

  async #loadShard(shard: ActionShard, opened: OpenedParquet): Promise<void> {
    const { columns, statuses, types, runs, writers, words, kinds } = this;
    const { start, count } = shard;
    columns.time.set(await readNumbers(opened, 'time'), start);
    columns.took.set(await readNumbers(opened, 'took_ms'), start);
    await breathe();
    const noWord: CodedTexts = { codes: new Uint32Array(count), texts: [''] };
    const parts = {
      status: await readTexts(opened, 'status'),
      type: await readTexts(opened, 'type'),
      run: await readTexts(opened, 'run'),
      writer: await readTexts(opened, 'writer'),
      word: shard.byStatus.unknown > 0 ? await readTexts(opened, 'status_word') : noWord,
    };
    const status = { codeOf: (text: unknown) => Math.max(0, statuses.indexOf(text as string)) };
    const dictionaries = { status, type: types, run: runs, writer: writers, word: words };
    opened.free?.();
    kinds.take(parts, dictionaries, columns.kind.subarray(start, start + count));
    this.#loadedFrom = start;
  }

  async #readSummaries(start: number, end: number): Promise<string[]> {
    const texts: string[] = [];
    for (let from = start; from < end; ) {
      const shard = this.#shardOf(from);
      const to = Math.min(end, shard.start + shard.count);
      const { summary } = await this.#read('text', shard, ['summary'], from, to);
      for (const text of summary!) texts.push(text as string);
      from = to;
    }
    return texts;
  }

  /** Columns of the rows [start, end), which lie in one shard. */
  async #read(
    kind: keyof typeof maxOpen,
    shard: ActionShard,
    names: string[] | undefined,
    start: number,
    end: number,
  ): Promise<Record<string, ColumnValues>> {
    const opened = await this.#opened[kind].get(shard[kind]);
    return readColumns(opened, names, start - shard.start, end - shard.start);
  }
}

/** Shards in the order in which a key is looked for: ids begin with their time, so usually the first is right. */
function likelyFirst(shards: readonly ActionShard[], key: string): ActionShard[] {
  const order = [...shards].reverse();
  const match = /(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(key);
  if (match === null) return order;
  const [, year, month, day, hour, minute, second] = match;
  const us = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) * 1000;
  const holds = ({ fromUs, toUs }: ActionShard) => (fromUs ?? 0) <= us + 1e6 && us <= (toUs ?? 0);
  return [...order.filter(holds), ...order.filter((shard) => !holds(shard))];
}
