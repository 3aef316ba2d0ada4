import { max, scaleLinear, scaleSqrt } from 'd3';
import { type TimeTick, timeTicks } from './time-ticks.ts';

/** How the system was at a snapshot. */
export type HealthName = 'operational' | 'degraded' | 'failing' | 'unknown';

/** A snapshot as the timeline needs it. */
export interface TimelinePoint {
  id: string;
  atUs: number;
  health: HealthName;
  changes: number;
}

/** A stretch of time without snapshots. */
export interface TimelineGap {
  fromUs: number;
  toUs: number;
}

/** One line of the timeline: a snapshot, or several that would cover each other (then the newest gives the link, the worst the health). */
export interface TimelineMark {
  id: string;
  atUs: number;
  x: number;
  /** Grows with the number of changed fields; the least for none. */
  height: number;
  health: HealthName;
  changes: number;
  count: number;
}

/** Snapshots along time; x in units of `size.width`, heights in pixels. */
export interface Timeline {
  marks: TimelineMark[];
  gaps: { x: number; width: number; fromUs: number; toUs: number }[];
  ticks: TimeTick[];
  fromUs: number;
  toUs: number;
}

const worst: HealthName[] = ['failing', 'degraded', 'operational', 'unknown'];
const leastHeight = 6;

/** Places snapshots between the first and `toUs`; those closer than one of `slots` parts of the width are drawn as one. */
export function timeline(
  points: TimelinePoint[],
  gaps: TimelineGap[],
  size: { width: number; height: number; slots: number; toUs?: number },
): Timeline {
  const sorted = points.filter(({ atUs }) => Number.isFinite(atUs)).sort((a, b) => a.atUs - b.atUs);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (first === undefined || last === undefined)
    return { marks: [], gaps: [], ticks: [], fromUs: 0, toUs: 0 };
  const fromUs = first.atUs;
  const toUs = Math.max(size.toUs ?? last.atUs, last.atUs, fromUs + 1);
  const place = scaleLinear(
    [fromUs, toUs],
    [size.width / size.slots / 2, size.width - size.width / size.slots / 2],
  );
  const groups = new Map<number, TimelinePoint[]>();
  for (const point of sorted) {
    const slot = Math.floor((place(point.atUs) / size.width) * size.slots);
    groups.set(slot, [...(groups.get(slot) ?? []), point]);
  }
  const tallest = max(sorted, ({ changes }) => changes) ?? 0;
  const tall = scaleSqrt([0, Math.max(tallest, 1)], [leastHeight, size.height]);
  return {
    marks: [...groups].map(([slot, inside]) => mark(inside, ((slot + 0.5) / size.slots) * size.width, tall)),
    gaps: gaps
      .filter((gap) => gap.toUs > fromUs && gap.fromUs < toUs)
      .map((gap) => gapSpan(gap, place, fromUs, toUs)),
    ticks: timeTicks(fromUs, toUs, 5, size.width),
    fromUs,
    toUs,
  };
}

function mark(inside: TimelinePoint[], x: number, tall: (changes: number) => number): TimelineMark {
  const newest = inside[inside.length - 1] as TimelinePoint;
  const changes = max(inside, (point) => point.changes) ?? 0;
  return {
    id: newest.id,
    atUs: newest.atUs,
    x: round(x),
    height: round(tall(changes)),
    health: worst.find((health) => inside.some((point) => point.health === health)) ?? 'unknown',
    changes,
    count: inside.length,
  };
}

function gapSpan(gap: TimelineGap, place: (us: number) => number, fromUs: number, toUs: number) {
  const x = place(Math.max(gap.fromUs, fromUs));
  return {
    x: round(x),
    width: round(place(Math.min(gap.toUs, toUs)) - x),
    fromUs: gap.fromUs,
    toUs: gap.toUs,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
