import type { StatusCounts } from '../book/counts.ts';

/** A published file: its name below data/actions/ and its size, so that a reader can ask for its end at once. */
export interface PublishedFile {
  file: string;
  bytes: number;
}

/** At most 50,000 rows of the log, in three files of the same rows in the same order. How many there are is up to the rows; at the end they are fewer. */
export interface ActionShard {
  /** time, type, status, run, writer, took_ms, status_word (where the status is unknown). */
  rows: PublishedFile;
  /** The one-line summary. */
  text: PublishedFile;
  /** key, details, error, source, file, line, status_word, status_from, history … in groups of 6,144 rows. */
  details: PublishedFile;
  count: number;
  /** Number of the first row, counted from the oldest. */
  start: number;
  fromUs: number | null;
  toUs: number | null;
  byStatus: StatusCounts;
  /** The most frequent types of the shard, at most 50. */
  byType: Record<string, number>;
  /** Counts per UTC day, in the order of `statuses`. */
  byDay: Record<string, number[]>;
}

/** data/actions/index.json: what there is, so that a page reads only what it shows. Rows are sorted by time, oldest first. */
export interface ActionIndex {
  format: 1;
  total: number;
  lines: number;
  repeated: number;
  broken: number;
  joined: number;
  firstUs: number | null;
  lastUs: number | null;
  /** Order of the counts in `byDay`. */
  statuses: string[];
  byStatus: StatusCounts;
  /** Rows per row group of the text and details files. */
  groupRows: number;
  shards: ActionShard[];
}

/** One line of an action's history, as the details files hold it (JSON text in column `history`). */
export interface HistoryLine {
  at: number | null;
  status: string;
  word: string;
  file: string;
  line: number;
  /** Only where they differ from the details of the row. */
  details?: unknown;
  error?: string;
}

/** The most rows a shard holds, and the fewest before it may end. */
export const shardRows = 50_000;
export const leastRows = 25_000;

/** The most rows of a shard at the end, where rows are still added. */
export const openRows = 12_000;

/** Rows per row group of text and details: what is read when one row is opened. A multiple of DuckDB's vectors (2,048), so that groups are exactly as large. */
export const groupRows = 6_144;
