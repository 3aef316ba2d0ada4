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
  /** Numbers of files details-NNNN and verdicts-NNNN, and series-NNNN; a run lies in number `shardOf(slug, shards.details)`. */
  shards: { details: number; series: number };
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

/** Runs per details file on average; those of twice as many do not happen. */
const perDetails = 250;
/** Curves are longer than details. */
const perSeries = 100;

/** How many files details and series take, for so many runs in all and so many with series. */
export function shardCounts(runs: number, measured: number): RunIndex['shards'] {
  return {
    details: Math.max(1, Math.ceil(runs / perDetails)),
    series: Math.max(1, Math.ceil(measured / perSeries)),
  };
}

/** In which details and series file a run lies: the same in every build with as many files. */
export function shardOf(slug: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < slug.length; at++) hash = Math.imul(hash ^ slug.charCodeAt(at), 0x01000193) >>> 0;
  return shards <= 1 ? 0 : hash % shards;
}

/** Name of a shard without its ending: "details-0007". */
export function shardName(kind: 'details' | 'series' | 'verdicts', shard: number): string {
  return `${kind}-${String(shard).padStart(4, '0')}`;
}
