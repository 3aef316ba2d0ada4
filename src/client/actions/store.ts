import type { ActionIndex, ActionShard, PublishedFile } from '../../data/actions/index.ts';
import type { DataFiles } from '../data-files.ts';
import { Kept } from '../kept.ts';
import { type ColumnValues, type OpenedParquet, openParquet, readColumns } from '../parquet.ts';
import { dictionary } from './dictionary.ts';
import { SearchTexts } from './search-texts.ts';

/** The columns of all rows, oldest first; a row that is not loaded yet has status 255. */
export interface Columns {
  time: Float64Array;
  status: Uint8Array;
  type: Uint32Array;
  run: Uint32Array;
  writer: Uint32Array;
  took: Float32Array;
  /** The file's own word where the status is unknown; empty where every status is known. */
  word: Uint32Array;
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

/** The status code of a row that is not loaded yet. */
export const notLoaded = 255;

/** How many files of a kind stay in memory: from disk, and from servers without ranges, they are there whole. */
const maxOpen = { rows: 2, text: 6, details: 4 };
const textBlock = 2048;
const maxBlocks = 40;

/** All actions of a book in typed arrays, loaded shard by shard from the newest; texts and details come when they are asked for. */
export class ActionStore {
  readonly total: number;
  readonly columns: Columns;
  readonly types = dictionary();
  readonly runs = dictionary();
  readonly writers = dictionary();
  readonly words = dictionary();
  readonly statuses: string[];
  readonly shards: ActionShard[];
  /** What searches look through. */
  readonly texts: SearchTexts;
  readonly #opened: Record<keyof typeof maxOpen, Kept<PublishedFile, OpenedParquet>>;
  readonly #summaries = new Map<number, string[] | null>();
  #loadedFrom: number;

  /** Nothing but the index is loaded yet. */
  constructor(files: DataFiles, { total, shards, statuses, groupRows, byStatus }: ActionIndex) {
    this.total = total;
    this.shards = shards;
    this.statuses = statuses;
    this.columns = {
      time: new Float64Array(total),
      status: new Uint8Array(total).fill(notLoaded),
      type: new Uint32Array(total),
      run: new Uint32Array(total),
      writer: new Uint32Array(total),
      took: new Float32Array(total),
      word: new Uint32Array(byStatus.unknown > 0 ? total : 0),
    };
    this.texts = new SearchTexts(files, shards, groupRows);
    const kept = (max: number) => new Kept((file: PublishedFile) => openParquet(files, file), max);
    this.#opened = { rows: kept(maxOpen.rows), text: kept(maxOpen.text), details: kept(maxOpen.details) };
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

  async loadAll(onShard: () => void): Promise<void> {
    for (const shard of [...this.shards].reverse()) {
      await this.#loadShard(shard);
      onShard();
      await pause();
    }
  }

  /** The row with that key, or -1. */
  async rowOf(key: string): Promise<number> {
    for (const shard of likelyFirst(this.shards, key)) {
      const { key: keys } = await this.#read('rows', shard, ['key'], shard.start, shard.start + shard.count);
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

  async #loadShard(shard: ActionShard): Promise<void> {
    const { columns, statuses } = this;
    const names = ['time', 'type', 'status', 'run', 'writer', 'took_ms'];
    if (shard.byStatus.unknown > 0) names.push('status_word');
    const read = await this.#read('rows', shard, names, shard.start, shard.start + shard.count);
    const statusCode = new Map(statuses.map((status, code) => [status, code]));
    fill(columns.time, shard.start, read['time']!, (value) => value as number);
    fill(columns.type, shard.start, read['type']!, this.types.codeOf);
    fill(columns.run, shard.start, read['run']!, this.runs.codeOf);
    fill(columns.writer, shard.start, read['writer']!, this.writers.codeOf);
    fill(columns.took, shard.start, read['took_ms']!, (value) => (value as number | null) ?? Number.NaN);
    if (read['status_word'] !== undefined)
      fill(columns.word, shard.start, read['status_word'], this.words.codeOf);
    fill(columns.status, shard.start, read['status']!, (value) => statusCode.get(value as string) ?? 0);
    this.#loadedFrom = shard.start;
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

function fill(
  target: { [at: number]: number },
  start: number,
  values: ArrayLike<unknown>,
  code: (value: unknown) => number,
): void {
  for (let at = 0; at < values.length; at++) target[start + at] = code(values[at]);
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

/** Lets the page draw and answer before the work goes on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
