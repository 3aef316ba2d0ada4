import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LineTable } from './line-table.ts';
import type { RowOrder } from './row-order.ts';

/** How large shards are. */
export interface ShardSizes {
  /** The most rows of one. */
  shardRows: number;
  /** From so many rows on a shard ends where the mark of the next row fits. */
  leastRows: number;
  /** The most rows of one at the end, where rows are still added: what a new row costs is that of writing so many. */
  openRows: number;
}

/** The rows of a shard: those from `start` on in the order of all. */
export interface ShardCut {
  start: number;
  count: number;
  /** Whether rows may still be added to it at its end. */
  isOpen: boolean;
  /** Stands for all that its files hold. */
  mark: string;
}

/** Where an earlier build cut the rows of lines that are the first of this table. */
export interface KnownCuts {
  /** How many lines that table had. */
  lines: number;
  /** By the first line of each shard: its last one, how many rows it had, and its mark. */
  shards: ReadonlyMap<number, { last: number; count: number; mark: string }>;
}

/** A shard by its number. */
export interface NumberedCut {
  cut: ShardCut;
  number: number;
}

/** So many bytes of lines a shard may hold: its files stay below 25 MB whatever the lines are. */
const maxBytes = 28_000_000;

/**
 * Where the rows are cut into shards. What is in the rows decides, not how many stand before them: a shard ends at the first
 * row behind its least size whose line has a checksum that fits, so that rows that come late, or go, change the one shard
 * where they belong and hardly ever another. The last one, to which rows are added, is cut again into smaller ones.
 */
export function cutRows(
  table: LineTable,
  order: RowOrder,
  sizes: ShardSizes,
  known?: KnownCuts | undefined,
): ShardCut[] {
  const { shardRows, leastRows, openRows } = sizes;
  const { rows } = order;
  const ends = endsOf(table, order, 0, { most: shardRows, least: leastRows });
  const open = ends.at(-1) ?? 0;
  if (open < rows.length)
    ends.push(...endsOf(table, order, open, { most: openRows, least: Math.ceil(openRows / 2) }), rows.length);
  const mark = marker(table, order, known);
  return ends.map((end, at) => {
    const start = ends[at - 1] ?? 0;
    return { start, count: end - start, isOpen: start >= open, mark: mark(start, end) };
  });
}

/** Where shards end, from a row on; what follows the last end is not full. */
function endsOf(
  table: LineTable,
  order: RowOrder,
  from: number,
  { most, least }: { most: number; least: number },
): number[] {
  const period = Math.max(1, Math.floor(most / 6));
  const { rows } = order;
  const ends: number[] = [];
  let [start, bytes] = [from, 0];
  for (let at = from; at < rows.length; at++) {
    const count = at - start;
    const size = bytesOf(table, order, rows[at]!);
    const mayEnd = count >= least && table.crc(rows[at]!) % period === 0;
    if (count >= most || mayEnd || (count > 0 && bytes + size > maxBytes)) {
      ends.push(at);
      [start, bytes] = [at, 0];
    }
    bytes += size;
  }
  return ends;
}

/** Says what stands for the rows from one to another: what an earlier build said, where none of their lines is new. */
function marker(
  table: LineTable,
  order: RowOrder,
  known: KnownCuts | undefined,
): (start: number, end: number) => string {
  const { rows } = order;
  if (known === undefined) return (start, end) => markOf(table, order, start, end);
  const changed = new Set<number>();
  for (let line = known.lines; line < table.count; line++) changed.add(table.group(line));
  changed.delete(0);
  const isAsItWas = (row: number) =>
    row < known.lines && (changed.size === 0 || !changed.has(table.group(row)));
  return (start, end) => {
    // Rows that are as they were stand in the same order: where none between two of them is another, none is missing either.
    const shard = known.shards.get(rows[start]!);
    const isSame =
      shard?.last === rows[end - 1] &&
      shard?.count === end - start &&
      rows.subarray(start, end).every(isAsItWas);
    return isSame ? shard!.mark : markOf(table, order, start, end);
  };
}

/** An action of several lines holds what they say twice: together, and each in its history. */
function bytesOf(table: LineTable, { linesOf }: RowOrder, row: number): number {
  if (table.group(row) === 0) return table.length(row);
  const lines = linesOf(row);
  let bytes = 0;
  for (let at = 0; at < lines.length; at++) bytes += table.length(lines[at]!);
  return lines.length === 1 ? bytes : 2 * bytes;
}

const numbers = 6;

/** Every line of a shard by its place, its time and the checksum of its bytes. */
function markOf(table: LineTable, { rows, linesOf }: RowOrder, start: number, end: number): string {
  const digest = createHash('sha256');
  const names = table.files.map((file) => crc32(file));
  const told = new Float64Array(1024 * numbers);
  let at = 0;
  const tell = (line: number, part: number) => {
    const chunk = table.chunks[line >>> 16]!;
    const number = line & 0xffff;
    told[at] = part;
    told[at + 1] = chunk.at[number]!;
    told[at + 2] = names[table.fileOf(line)]!;
    told[at + 3] = chunk.line[number]!;
    told[at + 4] = chunk.length[number]!;
    told[at + 5] = chunk.crc[number]!;
    at += numbers;
    if (at < told.length) return;
    digest.update(told);
    at = 0;
  };
  for (let row = start; row < end; row++) {
    const first = rows[row]!;
    if (table.group(first) === 0) tell(first, 0);
    else {
      const lines = linesOf(first);
      for (let part = 0; part < lines.length; part++) tell(lines[part]!, part);
    }
  }
  return digest.update(told.subarray(0, at)).digest('hex').slice(0, 32);
}
