import { max, scaleSqrt } from 'd3';
import { type TimeTick, timeTicks } from './time-ticks.ts';

/** How the system was at a snapshot. */
export type HealthName = 'operational' | 'degraded' | 'failing' | 'unknown';

/** A stretch of time without snapshots. */
export interface TravelGap {
  fromUs: number;
  toUs: number;
}

/** A snapshot as the strip of time needs it; snapshots come oldest first. */
export interface TravelPoint {
  atUs: number;
  health: HealthName;
  changes: number;
}

/** How many actions lie in a stretch of time. */
export interface ActionBin {
  fromUs: number;
  toUs: number;
  count: number;
}

/** One line of the strip: a snapshot, or several that would cover each other, at the place of the newest with the worst health. */
export interface TravelMark {
  atUs: number;
  x: number;
  height: number;
  health: HealthName;
  changes: number;
  count: number;
}

/** Snapshots and actions along time; x in units of `size.width`, heights in pixels. */
export interface TravelStrip {
  marks: TravelMark[];
  gaps: { x: number; width: number; fromUs: number; toUs: number }[];
  actions: { x: number; width: number; height: number; count: number; fromUs: number; toUs: number }[];
  maxActions: number;
  ticks: TimeTick[];
  fromUs: number;
  toUs: number;
}

const worst: HealthName[] = ['failing', 'degraded', 'operational', 'unknown'];
const leastHeight = 5;
const leastBar = 1.5;
const fineCount = 96;

/** Over a shorter time than this bars of whole days say nothing. */
export const fewDaysUs = 4 * 86_400_000_000;

/** The strip of all snapshots: at most one mark, one gap and one bar of actions for each of `slots` parts of the width. */
export function travelStrip(
  points: readonly TravelPoint[],
  gaps: readonly TravelGap[],
  actions: readonly ActionBin[],
  size: { width: number; height: number; actionsHeight: number; slots: number },
): TravelStrip {
  const sorted = points.filter(({ atUs }) => Number.isFinite(atUs));
  const fromUs = sorted[0]?.atUs ?? 0;
  const toUs = Math.max(sorted[sorted.length - 1]?.atUs ?? 0, fromUs);
  const place = (us: number) => timeShare(us, fromUs, toUs) * size.width;
  const tall = scaleSqrt(
    [0, Math.max(1, max(sorted, ({ changes }) => changes) ?? 0)],
    [leastHeight, size.height],
  );
  return {
    marks: gather(sorted, ({ atUs }) =>
      Math.min(size.slots - 1, Math.floor((place(atUs) / size.width) * size.slots)),
    ).map((inside) => markOf(inside, place, tall)),
    gaps: gather(
      gaps.filter((gap) => gap.toUs > fromUs && gap.fromUs < toUs),
      (gap) => Math.floor((place(gap.fromUs) / size.width) * size.slots),
    ).map((inside) => {
      const span = { fromUs: inside[0]!.fromUs, toUs: inside[inside.length - 1]!.toUs };
      return { ...span, ...stretch(span, place) };
    }),
    ...actionBars(actions, { ...size, height: size.actionsHeight, fromUs, toUs }),
    ticks: timeTicks(fromUs, toUs, 6, size.width),
    fromUs,
    toUs,
  };
}

/** Actions along a stretch of time, at most one bar for each of `slots` parts of the width. */
export function actionBars(
  bins: readonly ActionBin[],
  size: { width: number; height: number; slots: number; fromUs: number; toUs: number },
): Pick<TravelStrip, 'actions' | 'maxActions'> {
  const { width, height, slots, fromUs, toUs } = size;
  const place = (us: number) => timeShare(us, fromUs, toUs) * width;
  const bars = gather(
    bins.filter((bin) => bin.count > 0 && bin.toUs > fromUs && bin.fromUs < toUs),
    (bin) => Math.floor((place(Math.max(bin.fromUs, fromUs)) / width) * slots),
  ).map((inside) => ({
    fromUs: inside[0]!.fromUs,
    toUs: inside[inside.length - 1]!.toUs,
    count: inside.reduce((sum, { count }) => sum + count, 0),
  }));
  const maxActions = max(bars, ({ count }) => count) ?? 0;
  const actions = bars.map((bar) => ({
    ...bar,
    ...stretch(bar, place),
    height: round(Math.max(leastBar, (bar.count / maxActions) * height)),
  }));
  return { actions, maxActions };
}

/** Counts times into bins of the same width between two times. */
export function fineBins(times: Iterable<number>, fromUs: number, toUs: number): ActionBin[] {
  const widthUs = (toUs - fromUs) / fineCount;
  const bins: ActionBin[] = Array.from({ length: fineCount }, (_, at) => ({
    fromUs: fromUs + at * widthUs,
    toUs: fromUs + (at + 1) * widthUs,
    count: 0,
  }));
  for (const us of times) {
    const bin = us <= toUs ? bins[Math.min(fineCount - 1, Math.floor((us - fromUs) / widthUs))] : undefined;
    if (bin !== undefined) bin.count += 1;
  }
  return bins;
}

/** Where a time lies between two others, from 0 to 1; where they are the same, at the beginning. */
export function timeShare(us: number, fromUs: number, toUs: number): number {
  return toUs > fromUs ? Math.min(1, Math.max(0, (us - fromUs) / (toUs - fromUs))) : 0;
}

/** Number of the snapshot whose state was in force at a time: the newest one until then; the first where there was none yet. */
export function snapshotInForce(times: ArrayLike<number>, us: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= us) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Number of the snapshot nearest to a time. */
export function nearestSnapshot(times: ArrayLike<number>, us: number): number {
  const before = snapshotInForce(times, us);
  const after = Math.min(before + 1, times.length - 1);
  return times[after]! - us < us - times[before]! ? after : before;
}

function markOf(
  inside: readonly TravelPoint[],
  place: (us: number) => number,
  tall: (changes: number) => number,
): TravelMark {
  const newest = inside[inside.length - 1]!;
  const changes = max(inside, (point) => point.changes) ?? 0;
  return {
    atUs: newest.atUs,
    x: round(place(newest.atUs)),
    height: round(tall(changes)),
    health: worst.find((health) => inside.some((point) => point.health === health)) ?? 'unknown',
    changes,
    count: inside.length,
  };
}

function stretch(span: { fromUs: number; toUs: number }, place: (us: number) => number) {
  const x = place(span.fromUs);
  return { x: round(x), width: round(place(span.toUs) - x) };
}

/** Neighbours of the same slot together. */
function gather<One>(all: readonly One[], slotOf: (one: One) => number): One[][] {
  const groups: One[][] = [];
  let last: number | undefined;
  for (const one of all) {
    const slot = slotOf(one);
    if (slot === last) groups[groups.length - 1]!.push(one);
    else groups.push([one]);
    last = slot;
  }
  return groups;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
