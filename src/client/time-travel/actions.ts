import type { StatusName } from '../../charts/status-shape.ts';
import type { ActionIndex, ActionShard } from '../../data/actions/index.ts';
import type { MomentAction } from '../../parts/snapshots/moment.ts';
import { dataFiles } from '../data-files.ts';
import { type ColumnValues, openParquet, readColumns } from '../parquet.ts';

/** The actions of a stretch of time: how many, and the newest of them, newest first. */
export interface StretchActions {
  count: number;
  newest: MomentAction[];
}

/** The published actions by time. */
export interface TravelActions {
  /** Counts the actions later than `fromUs` until `toUs`, and reads the newest of them. */
  between(fromUs: number, toUs: number, most: number): Promise<StretchActions>;
  /** When they happened; undefined where that would read more than a few shards. */
  times(fromUs: number, toUs: number): Promise<number[] | undefined>;
}

type Rows = Record<string, ColumnValues>;

/** How many shards stay in memory. */
const maxShards = 2;

/** Opens data/actions below `base`; of its shards only those are read that a stretch of time begins or ends in, or shows. */
export async function openTravelActions(base: string): Promise<TravelActions> {
  const files = dataFiles(base, 'actions/');
  const { shards } = (await files.json('index')) as ActionIndex;
  const read = new Map<ActionShard, Promise<Rows>>();

  const rowsOf = (shard: ActionShard): Promise<Rows> => {
    const rows = read.get(shard) ?? readRows(shard);
    read.delete(shard);
    read.set(shard, rows);
    if (read.size > maxShards) read.delete(read.keys().next().value!);
    rows.catch(() => read.delete(shard));
    return rows;
  };
  const readRows = async (shard: ActionShard): Promise<Rows> => {
    const names = ['time', 'type', 'status', 'took_ms', 'key'];
    if (shard.byStatus.unknown > 0) names.push('status_word');
    return readColumns(await openParquet(files, shard.rows), names, 0, shard.count);
  };
  const actionAt = async (shard: ActionShard, rows: Rows, at: number): Promise<MomentAction> => {
    const text = await readColumns(await openParquet(files, shard.text), ['summary'], at, at + 1);
    const status = rows['status']![at] as StatusName;
    return {
      key: rows['key']![at] as string,
      atUs: rows['time']![at] as number,
      status,
      word: (rows['status_word']?.[at] as string | null | undefined) ?? status,
      type: (rows['type']![at] as string | null) ?? '',
      summary: (text['summary']?.[0] as string | null) ?? '',
      tookMs: (rows['took_ms']![at] as number | null) ?? undefined,
    };
  };

  const shardsOf = (fromUs: number, toUs: number) =>
    shards.filter(
      (shard) =>
        (shard.fromUs ?? Number.POSITIVE_INFINITY) <= toUs &&
        (shard.toUs ?? Number.NEGATIVE_INFINITY) > fromUs,
    );

  return {
    async between(fromUs, toUs, most) {
      const found: StretchActions = { count: 0, newest: [] };
      for (const shard of shardsOf(fromUs, toUs).reverse()) {
        const isInside = shard.fromUs! > fromUs && shard.toUs! <= toUs;
        if (isInside && found.newest.length >= most) {
          found.count += shard.count;
          continue;
        }
        const rows = await rowsOf(shard);
        const times = rows['time']!;
        const shown: number[] = [];
        for (let at = shard.count - 1; at >= 0; at--) {
          const us = times[at];
          if (typeof us !== 'number' || us <= fromUs || us > toUs) continue;
          found.count += 1;
          if (found.newest.length + shown.length < most) shown.push(at);
        }
        found.newest.push(...(await Promise.all(shown.map((at) => actionAt(shard, rows, at)))));
      }
      return found;
    },
    async times(fromUs, toUs) {
      const wanted = shardsOf(fromUs, toUs);
      if (wanted.length > maxShards) return undefined;
      const all = await Promise.all(wanted.map(rowsOf));
      return all.flatMap((rows) => [...rows['time']!].filter((us) => typeof us === 'number'));
    },
  };
}
