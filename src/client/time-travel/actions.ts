import type { StatusName } from '../../charts/status-shape.ts';
import type { ActionIndex, ActionShard, PublishedFile } from '../../data/actions/index.ts';
import type { MomentAction } from '../../parts/snapshots/moment.tsx';
import type { DataFiles } from '../data-files.ts';
import { Kept } from '../kept.ts';
import { type ColumnValues, openParquet, readColumns } from '../parquet.ts';

/** The actions of a stretch of time: how many, and the newest of them, newest first. */
export interface StretchActions {
  count: number;
  newest: MomentAction[];
}

type Rows = Record<string, ColumnValues>;

/** How many shards stay in memory. */
const maxShards = 2;

/** The published actions by time; only those shards are read that a stretch of time begins or ends in, or shows. */
export class TravelActions {
  readonly #files: DataFiles;
  readonly #shards: readonly ActionShard[];
  readonly #rows = new Kept((shard: ActionShard) => this.#readRows(shard), maxShards);
  /** Texts and keys. */
  readonly #texts = new Kept((file: PublishedFile) => openParquet(this.#files, file), 2 * maxShards);

  constructor(files: DataFiles, { shards }: Pick<ActionIndex, 'shards'>) {
    this.#files = files;
    this.#shards = shards;
  }

  /** Opens data/actions. */
  static async open(files: DataFiles): Promise<TravelActions> {
    return new TravelActions(files, (await files.json('index')) as ActionIndex);
  }

  /** Counts the actions later than `fromUs` until `toUs`, and reads the newest of them. */
  async between(fromUs: number, toUs: number, maxShown: number): Promise<StretchActions> {
    const found: StretchActions = { count: 0, newest: [] };
    for (const shard of this.#shardsOf(fromUs, toUs).reverse()) {
      const isInside = shard.fromUs! > fromUs && shard.toUs! <= toUs;
      if (isInside && found.newest.length >= maxShown) {
        found.count += shard.count;
        continue;
      }
      const rows = await this.#rows.get(shard);
      const times = rows['time']!;
      const shown: number[] = [];
      for (let at = shard.count - 1; at >= 0; at--) {
        const us = times[at];
        if (typeof us !== 'number' || us <= fromUs || us > toUs) continue;
        found.count += 1;
        if (found.newest.length + shown.length < maxShown) shown.push(at);
      }
      found.newest.push(...(await Promise.all(shown.map((at) => this.#actionAt(shard, rows, at)))));
    }
    return found;
  }

  /** When they happened; undefined where that would read more than a few shards. */
  async times(fromUs: number, toUs: number): Promise<number[] | undefined> {
    const wanted = this.#shardsOf(fromUs, toUs);
    if (wanted.length > maxShards) return undefined;
    const all = await Promise.all(wanted.map((shard) => this.#rows.get(shard)));
    return all.flatMap((rows) => [...rows['time']!].filter((us) => typeof us === 'number'));
  }

  #shardsOf(fromUs: number, toUs: number): ActionShard[] {
    return this.#shards.filter(
      (shard) =>
        (shard.fromUs ?? Number.POSITIVE_INFINITY) <= toUs &&
        (shard.toUs ?? Number.NEGATIVE_INFINITY) > fromUs,
    );
  }

  async #readRows(shard: ActionShard): Promise<Rows> {
    const names = ['time', 'type', 'status', 'took_ms'];
    if (shard.byStatus.unknown > 0) names.push('status_word');
    return readColumns(await openParquet(this.#files, shard.rows), names, 0, shard.count);
  }

  async #actionAt(shard: ActionShard, rows: Rows, at: number): Promise<MomentAction> {
    const read = async (file: PublishedFile, name: string) =>
      (await readColumns(await this.#texts.get(file), [name], at, at + 1))[name]?.[0];
    const status = rows['status']![at] as StatusName;
    return {
      key: (await read(shard.details, 'key')) as string,
      atUs: rows['time']![at] as number,
      status,
      word: (rows['status_word']?.[at] as string | null | undefined) ?? status,
      type: (rows['type']![at] as string | null) ?? '',
      summary: ((await read(shard.text, 'summary')) as string | null) ?? '',
      tookMs: (rows['took_ms']![at] as number | null) ?? undefined,
    };
  }
}
