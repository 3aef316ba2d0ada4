import type { StatusCounts } from '../book/counts.ts';
import type { ChartColumns, ReceiptVerdict, RunColumn, Staleness } from './types.ts';

/** A published file and how many rows it holds. */
export interface RunTableFile {
  file: string;
  bytes: number;
  rows: number;
}

/** A parameter or metric with its place in the table files. */
export interface IndexedColumn extends RunColumn {
  /** Column of the table files: "param.lr"; with a number where databases would take two names for one: "param.LR~2". */
  column: string;
}

/** A file of series, compressed: it holds the runs behind those of the file before it up to this hash. */
export interface SeriesFile {
  upTo: number;
  /** Without its ending. */
  file: string;
}

/** data/runs/index.json: what there is. Rows of the table are newest first; runs without a time come last. */
export interface RunIndex {
  format: 1;
  total: number;
  byStatus: StatusCounts;
  columns: IndexedColumn[];
  /** Axes that the charts begin with. */
  charts: ChartColumns;
  /** Fixed columns, then one for each of `columns`; at most 50,000 rows a file. */
  table: RunTableFile[];
  /** All points of all series: run, name, step, time, value. */
  metrics: RunTableFile[];
  /** Where a run lies: in details-NNNN and verdicts-NNNN of number `shardOf(slug, shards.details)`, and in `seriesFileOf(slug, …)`. */
  shards: { details: number; series: SeriesFile[] };
  /** How many of the newest runs have a page of their own. */
  pages: number;
}

/** data/runs/now.json: what was true at the time of the build, by slug. The other files change with the recordings only. */
export interface RunNow {
  format: 1;
  checkedAtUs: number;
  verdicts: Record<string, ReceiptVerdict['state']>;
  stale: Record<string, Staleness>;
}

/** data/runs/details-0000.json.gz, by slug. */
export type DetailsShard = Record<string, unknown>;

/** Runs per details file at most, on average. */
const perDetails = 250;

/** How many files the details of so many runs take: a power of two, so that a book that grows seldom has other ones. */
export function detailsShards(runs: number): number {
  let shards = 1;
  while (shards * perDetails < runs) shards *= 2;
  return shards;
}

/** In which details file a run lies: the same in every build with as many files. */
export function shardOf(slug: string, shards: number): number {
  return shards <= 1 ? 0 : hashOfSlug(slug) % shards;
}

/** FNV-1a over the UTF-16 units of a slug, 32 bits. */
export function hashOfSlug(slug: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < slug.length; at++) hash = Math.imul(hash ^ slug.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** The file in which the series of a run stand, where it has any. */
export function seriesFileOf(slug: string, files: readonly SeriesFile[]): string | undefined {
  const hash = hashOfSlug(slug);
  let [from, to] = [0, files.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (files[middle]!.upTo < hash) from = middle + 1;
    else to = middle;
  }
  return files[from]?.file;
}

/** Name of a shard without its ending: "details-0007". */
export function shardName(kind: 'details' | 'verdicts', shard: number): string {
  return `${kind}-${String(shard).padStart(4, '0')}`;
}
