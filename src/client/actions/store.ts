import type { ActionIndex, ActionShard, PublishedFile } from '../../data/actions/index.ts';
import type { DataFiles } from '../data-files.ts';
import { type OpenedParquet, openParquet, readColumns } from '../parquet.ts';
import { type Dictionary, dictionary } from './dictionary.ts';

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

/** All actions of a book in typed arrays, loaded shard by shard from the newest; texts and details come when they are asked for. */
export interface ActionStore {
  total: number;
  columns: Columns;
  types: Dictionary;
  runs: Dictionary;
  writers: Dictionary;
  words: Dictionary;
  statuses: string[];
  shards: ActionShard[];
  /** Rows from here on are loaded. */
  loadedFrom(): number;
  loadAll(onShard: () => void): Promise<void>;
  /** The row with that key, or -1. */
  rowOf(key: string): Promise<number>;
  /** Row groups of the text and details files, newest first. */
  groups(): { shard: number; start: number; end: number }[];
  /** The summary of a row if it is there; otherwise it is on its way and `onText` will be called. */
  summary(row: number, onText: () => void): string | undefined;
  texts(start: number, end: number): Promise<{ summaries: string[]; details: string[] }>;
  details(row: number): Promise<ActionDetails>;
}

/** The status code of a row that is not loaded yet. */
export const notLoaded = 255;

/** Opens the published actions; nothing but the index is loaded yet. */
export async function openActionStore(files: DataFiles): Promise<ActionStore> {
  const index = (await files.json('index')) as ActionIndex;
  const { total, shards } = index;
  const columns: Columns = {
    time: new Float64Array(total),
    status: new Uint8Array(total).fill(notLoaded),
    type: new Uint32Array(total),
    run: new Uint32Array(total),
    writer: new Uint32Array(total),
    took: new Float32Array(total),
    word: new Uint32Array(index.byStatus.unknown > 0 ? total : 0),
  };
  const [types, runs, writers, words] = [dictionary(), dictionary(), dictionary(), dictionary()];
  const statusCode = new Map(index.statuses.map((status, code) => [status, code]));
  const opened = new Map<string, Promise<OpenedParquet>>();
  const open = (file: PublishedFile) => {
    forgetOldest(opened, file.file);
    return remember(opened, file.file, () => openParquet(files, file));
  };
  const summaries = new Map<number, string[] | null>();
  let loadedFrom = total;

  const shardOf = (row: number) => Math.min(shards.length - 1, Math.floor(row / (shards[0]?.count ?? 1)));
  const keysOf = async (shard: number): Promise<string[]> => {
    const part = shards[shard]!;
    return (await readColumns(await open(part.rows), ['key'], 0, part.count))['key'] as unknown as string[];
  };

  const loadShard = async (shard: ActionShard): Promise<void> => {
    const file = await open(shard.rows);
    const names = ['time', 'type', 'status', 'run', 'writer', 'took_ms'];
    if (shard.byStatus.unknown > 0) names.push('status_word');
    const read = await readColumns(file, names, 0, shard.count);
    fill(columns.time, shard.start, read['time']!, (value) => value as number);
    fill(columns.type, shard.start, read['type']!, types.codeOf);
    fill(columns.run, shard.start, read['run']!, runs.codeOf);
    fill(columns.writer, shard.start, read['writer']!, writers.codeOf);
    fill(columns.took, shard.start, read['took_ms']!, (value) => (value as number | null) ?? Number.NaN);
    if (read['status_word'] !== undefined) fill(columns.word, shard.start, read['status_word'], words.codeOf);
    fill(columns.status, shard.start, read['status']!, (value) => statusCode.get(value as string) ?? 0);
    loadedFrom = shard.start;
  };

  return {
    total,
    columns,
    types,
    runs,
    writers,
    words,
    statuses: index.statuses,
    shards,
    loadedFrom: () => loadedFrom,
    async loadAll(onShard) {
      for (const shard of [...shards].reverse()) {
        await loadShard(shard);
        onShard();
        await pause();
      }
    },
    async rowOf(key) {
      for (const shard of likelyFirst(shards, key)) {
        const at = (await keysOf(shard)).indexOf(key);
        if (at >= 0) return shards[shard]!.start + at;
      }
      return -1;
    },
    groups: () =>
      [...shards].reverse().flatMap((shard) => {
        const ends: { shard: number; start: number; end: number }[] = [];
        for (let start = 0; start < shard.count; start += index.groupRows) {
          const end = Math.min(start + index.groupRows, shard.count);
          ends.unshift({ shard: shards.indexOf(shard), start: shard.start + start, end: shard.start + end });
        }
        return ends;
      }),
    summary(row, onText) {
      const block = Math.floor(row / textBlock);
      const known = summaries.get(block);
      if (known !== undefined) return known?.[row - block * textBlock];
      summaries.set(block, null);
      if (summaries.size > maxBlocks) summaries.delete(summaries.keys().next().value!);
      const start = block * textBlock;
      readTexts(start, Math.min(start + textBlock, total)).then(
        (texts) => {
          if (summaries.has(block)) summaries.set(block, texts);
          onText();
        },
        // Asked for again when the rows are next drawn; until then they stand without a summary.
        () => summaries.delete(block),
      );
      return undefined;
    },
    async texts(start, end) {
      const part = shards[shardOf(start)]!;
      const file = await open(part.details);
      const read = await readColumns(file, ['details', 'error'], start - part.start, end - part.start);
      const errors = read['error']!;
      const details = read['details']!.map((text, at) =>
        errors[at] ? `${text}\n${errors[at]}` : (text as string),
      );
      return { summaries: await readTexts(start, end), details };
    },
    async details(row) {
      const part = shards[shardOf(row)]!;
      const file = await open(part.details);
      const at = row - part.start;
      const read = await readColumns(file, undefined, at, at + 1);
      return Object.fromEntries(
        Object.entries(read).map(([name, values]) => [name, values[0]]),
      ) as unknown as ActionDetails;
    },
  };

  async function readTexts(start: number, end: number): Promise<string[]> {
    const texts: string[] = [];
    for (let from = start; from < end; ) {
      const part = shards[shardOf(from)]!;
      const to = Math.min(end, part.start + part.count);
      const read = await readColumns(await open(part.text), ['summary'], from - part.start, to - part.start);
      for (const text of read['summary']!) texts.push(text as string);
      from = to;
    }
    return texts;
  }
}

const textBlock = 2048;
const maxBlocks = 40;

function fill(
  target: { [at: number]: number },
  start: number,
  values: ArrayLike<unknown>,
  code: (value: unknown) => number,
): void {
  for (let at = 0; at < values.length; at++) target[start + at] = code(values[at]);
}

/** Shards in the order in which a key is looked for: ids begin with their time, so usually the first is right. */
function likelyFirst(shards: ActionShard[], key: string): number[] {
  const order = shards.map((_, number) => number).reverse();
  const match = /(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})/.exec(key);
  if (match === null) return order;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const us = Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
  const holds = (number: number) =>
    (shards[number]!.fromUs ?? 0) <= us + 1e6 && us <= (shards[number]!.toUs ?? 0);
  return [...order.filter(holds), ...order.filter((number) => !holds(number))];
}

/** How many files of a kind stay in memory: from disk, and from servers without ranges, they are there whole. */
const maxOpen = { rows: 2, text: 6, details: 4 };

/** Lets go of the file of the same kind that was opened first. */
function forgetOldest(opened: Map<string, unknown>, next: string): void {
  const kind = next.slice(0, next.indexOf('-')) as keyof typeof maxOpen;
  if (opened.has(next)) return;
  const held = [...opened.keys()].filter((name) => name.startsWith(kind));
  if (held.length >= maxOpen[kind]) opened.delete(held[0]!);
}

function remember<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  value.catch(() => known.delete(key));
  return value;
}

/** Lets the page draw and answer before the work goes on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
