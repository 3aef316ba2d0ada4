import type { RunRecord } from '../../../collector/runs/record.ts';
import { hashOfSlug } from './index.ts';

/** Runs whose series are published together, in the order of their hashes. */
export interface SeriesGroup {
  /** The hash of the last of them: every run behind the group before it up to this one lies in it. */
  upTo: number;
  runs: RunRecord[];
}

/** How many points stand together. */
export interface SeriesSizes {
  /** About so many are one group. */
  group: number;
  /** Longer runs have files of their own, of so many points each. */
  file: number;
}

/** A file of points is read within a moment, by a page that was opened from disk, too, which takes it whole. */
export const seriesSizes: SeriesSizes = { group: 131_072, file: 262_144 };
/** What a run takes without any. */
const pointsOfRun = 200;

/**
 * Which runs with series are published together. What a run itself is decides whether a group ends behind it: one that comes, goes
 * or grows changes the group in which it lies and hardly ever another.
 */
export function seriesGroups(runs: readonly RunRecord[], sizes: SeriesSizes): SeriesGroup[] {
  const measured = runs
    .filter(({ series }) => series.length > 0)
    .map((run) => ({ run, hash: hashOfSlug(run.slug), weight: weightOf(run, sizes) }))
    .sort((a, b) => a.hash - b.hash || (a.run.slug < b.run.slug ? -1 : 1));
  const groups: SeriesGroup[] = [];
  let open: RunRecord[] = [];
  let weight = 0;
  for (const [at, each] of measured.entries()) {
    open.push(each.run);
    weight += each.weight;
    const next = measured[at + 1];
    // What a long run has is read for its own sake alone.
    const isBeside = isLong(each.run, sizes) || (next !== undefined && isLong(next.run, sizes));
    const isEnd = isBeside || spread(each.hash) * sizes.group < each.weight || weight > 4 * sizes.group;
    // What has one hash is looked for in one file.
    if (next !== undefined && (!isEnd || next.hash === each.hash)) continue;
    groups.push({ upTo: each.hash, runs: open });
    open = [];
    weight = 0;
  }
  return groups;
}

/** How many points a run has, all series together. */
export function pointsOf({ series }: RunRecord): number {
  return series.reduce((sum, { count, resumed }) => sum + count + (resumed?.earlier ?? 0), 0);
}

/** Whether a run has files of points of its own. */
export function isLong(run: RunRecord, { file }: SeriesSizes): boolean {
  return pointsOf(run) > file;
}

/** A long run takes what its thinned curves do. */
function weightOf(run: RunRecord, { file }: SeriesSizes): number {
  const all = pointsOf(run);
  return pointsOfRun + (all > file ? Math.min(all, 2000 * run.series.length) : all);
}

/** A hash as a number from 0 to 1 that does not follow its order. */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
}
