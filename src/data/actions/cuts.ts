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
  const names = new Map<string, number>();
  const told = new Float64Array(1024 * numbers);
  let at = 0;
  for (let row = start; row < end; row++) {
    const lines = linesOf(rows[row]!);
    for (let part = 0; part < lines.length; part++) {
      const number = lines[part]!;
      const { file, lengthBytes, line } = table.place(number);
      if (!names.has(file)) names.set(file, crc32(file));
      told.set([part, table.at(number), names.get(file)!, line, lengthBytes, table.crc(number)], at);
      at += numbers;
      if (at === told.length) {
        digest.update(told);
        at = 0;
      }
    }
  }
  return digest.update(told.subarray(0, at)).digest('hex').slice(0, 32);
}
