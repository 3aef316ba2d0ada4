import type { Bin } from '../../charts/histogram.ts';
import type { MatchedRows } from './matched-rows.ts';
import type { ActionStore } from './store.ts';
import { timelineBins } from './timeline.ts';

/** To which bin of the timeline every row belongs, and how many of each status each bin holds. */
export interface TimeBins {
  bins: Bin[];
  totals: Uint32Array;
  /** Takes in the rows of the shard that was loaded last. */
  assign(): void;
  /** How many of the rows that match whatever their time each bin holds, by status. */
  count(rows: MatchedRows): Uint32Array;
}

/** Bins over the whole time of the store. */
export function timeBins(store: ActionStore): TimeBins {
  const { shards, columns, statuses } = store;
  const bins = timelineBins(shards[0]?.fromUs ?? 0, shards[shards.length - 1]?.toUs ?? 0);
  /** The place of each row among the counts: its bin, and its status in it. */
  const placeOf = new Uint16Array(store.total);
  const totals = new Uint32Array(bins.length * statuses.length);
  return {
    bins,
    totals,
    assign() {
      const shard = shards.find(({ start }) => start === store.loadedFrom())!;
      const { status } = store.kinds.codes;
      let bin = 0;
      for (let row = shard.start; row < shard.start + shard.count; row++) {
        while (bin < bins.length - 1 && columns.time[row]! >= bins[bin]!.toUs) bin += 1;
        const place = bin * statuses.length + status[columns.kind[row]!]!;
        placeOf[row] = place;
        totals[place]! += 1;
      }
    },
    count(rows) {
      const counts = new Uint32Array(totals.length);
      rows.countAt(placeOf, counts, store.loadedFrom());
      return counts;
    },
  };
}
