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
}

/** The rows of a shard: those from `start` on in the order of all. */
export interface ShardCut {
  start: number;
  count: number;
  /** Stands for all that its files hold. */
  mark: string;
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
 * where they belong and hardly ever another.
 */
export function cutRows(table: LineTable, order: RowOrder, sizes: ShardSizes): ShardCut[] {
  const { shardRows, leastRows } = sizes;
  const period = Math.max(1, Math.floor(shardRows / 6));
  const { rows } = order;
  const cuts: ShardCut[] = [];
  let [start, bytes] = [0, 0];
  const end = (at: number) => {
    if (at > start) cuts.push({ start, count: at - start, mark: markOf(table, order, start, at) });
    [start, bytes] = [at, 0];
  };
  for (let at = 0; at < rows.length; at++) {
    const count = at - start;
    const size = bytesOf(table, order, rows[at]!);
    const mayEnd = count >= leastRows && table.crc(rows[at]!) % period === 0;
    if (count >= shardRows || mayEnd || (count > 0 && bytes + size > maxBytes)) end(at);
    bytes += size;
  }
  end(rows.length);
  return cuts;
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
