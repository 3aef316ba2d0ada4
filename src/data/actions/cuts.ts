import type { DuckDBConnection } from '@duckdb/node-api';
import type { RowPlace } from './join-parts.ts';

/** How large shards are. */
export interface ShardSizes {
  /** The most rows of one. */
  shardRows: number;
  /** From so many rows on a shard ends where the mark of the next row fits. */
  leastRows: number;
}

/** A shard by its first row; `old` is its number in the earlier build where not a row of it is another. */
export interface ShardCut {
  from: RowPlace;
  old: number | undefined;
}

/**
 * Where the rows are cut into shards. What is in the rows decides, not how many stand before them: a shard ends at the first
 * row behind its least size whose mark fits, so that rows that come late, or go, change the one shard where they belong and
 * hardly ever another. Given the cuts of an earlier build and where the table was touched since, only what lies there is
 * looked at; the result is that of cutting all.
 */
export async function cutRows(
  connection: DuckDBConnection,
  sizes: ShardSizes,
  earlier?: { starts: readonly RowPlace[]; touched: readonly RowPlace[] },
): Promise<ShardCut[]> {
  const starts = earlier?.starts ?? [];
  if (starts.length === 0 || earlier === undefined) {
    const all = await cutFrom(connection, sizes, undefined, () => false);
    return all.starts.map((from) => ({ from, old: undefined }));
  }
  const dirty = new Set(earlier.touched.flatMap((place) => touchedShards(starts, place)));
  const cuts: ShardCut[] = [];
  for (let number = 0; number < starts.length; ) {
    if (!dirty.has(number)) {
      cuts.push({ from: starts[number]!, old: number });
      number += 1;
      continue;
    }
    // The rows before the first shard are part of it.
    const from = number === 0 ? undefined : starts[number];
    const lastDirty = (at: number) => at <= number || dirty.has(at);
    const again = await cutFrom(connection, sizes, from, (place) => {
      const known = shardOf(starts, place);
      return known > number && !lastDirty(known) && isSame(starts[known]!, place);
    });
    for (const start of again.starts) cuts.push({ from: start, old: undefined });
    number = again.met === undefined ? starts.length : shardOf(starts, again.met);
  }
  return cuts;
}

/** Cuts from a row on until a cut is met that `isKnown`. */
async function cutFrom(
  connection: DuckDBConnection,
  { shardRows, leastRows }: ShardSizes,
  from: RowPlace | undefined,
  isKnown: (place: RowPlace) => boolean,
): Promise<{ starts: RowPlace[]; met: RowPlace | undefined }> {
  const period = Math.max(1, Math.floor(shardRows / 6));
  const where = from === undefined ? '' : `WHERE ${atOrBehind(from)}`;
  const result = await connection.stream(
    `SELECT atUs, ordinal, mark % ${period} = 0 FROM actions ${where} ORDER BY atUs, ordinal`,
  );
  const starts: RowPlace[] = [];
  let count = shardRows;
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const [times, ordinals, fits] = [0, 1, 2].map((column) => chunk!.getColumnValues(column));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (count >= shardRows || (count >= leastRows && fits![row] === true)) {
        const place = { atUs: times![row] as number, ordinal: ordinals![row] as number };
        if (starts.length > 0 && isKnown(place)) return { starts, met: place };
        starts.push(place);
        count = 0;
      }
      count += 1;
    }
  }
  return { starts, met: undefined };
}

/** The shard in which a row belongs, and the one before it: where the first row of a shard went, that one goes on. */
function touchedShards(starts: readonly RowPlace[], place: RowPlace): number[] {
  const at = shardOf(starts, place);
  return at > 0 && isSame(starts[at]!, place) ? [at - 1, at] : [at];
}

/** The number of the last shard that begins at or before a row; the first where none does. */
function shardOf(starts: readonly RowPlace[], { atUs, ordinal }: RowPlace): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = starts[middle]!;
    if (start.atUs < atUs || (start.atUs === atUs && start.ordinal <= ordinal)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const isSame = (a: RowPlace, b: RowPlace) => a.atUs === b.atUs && a.ordinal === b.ordinal;

/** A condition for rows at this place or behind it. */
export function atOrBehind({ atUs, ordinal }: RowPlace): string {
  return `atUs >= ${atUs} AND (atUs > ${atUs} OR ordinal >= ${ordinal})`;
}

/** A condition for rows before this place. */
export function before({ atUs, ordinal }: RowPlace): string {
  return `atUs <= ${atUs} AND (atUs < ${atUs} OR ordinal < ${ordinal})`;
}
