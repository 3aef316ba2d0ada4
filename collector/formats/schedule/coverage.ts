import { formatDuration } from './duration.ts';
import { type ScheduleConfig, type SlotLine, slotLine } from './slots.ts';

/** One slot of the schedule. */
export interface Slot {
  atUs: number;
  state: 'taken' | 'late' | 'missed' | 'open';
  /** The snapshot that filled it. */
  id: string | undefined;
}

/** Expected against taken snapshots. */
export interface Coverage {
  /** In words: "every 30 minutes". */
  expected: string;
  toleranceMs: number;
  /** The newest slots, oldest first, at most 7 days or 700 slots. */
  slots: Slot[];
  /** Over those slots: filled (late ones included), missed, and how many of the filled were late. */
  kept: number;
  missed: number;
  late: number;
  /** Stretches of missed slots over the whole book, newest first, at most 50; `toUs` is the slot after the last missed one. */
  gaps: { fromUs: number; toUs: number; missed: number }[];
  /** Time of the newest snapshot. */
  newestUs: number | undefined;
  /** The slots behind that of the newest snapshot whose tolerance is over; undefined where there is none. */
  overdue: { fromUs: number; missed: number } | undefined;
  /** From when on one snapshot more would be overdue, if none is taken; undefined where the schedule ends. */
  nextDueUs: number | undefined;
}

/** How much of the coverage is listed. */
export interface CoverageLimits {
  days: number;
  slots: number;
  gaps: number;
}

const defaultLimits: CoverageLimits = { days: 7, slots: 700, gaps: 50 };
const dayUs = 86_400e6;
/** Snapshots claiming to be older than this are taken for clocks that were wrong. */
const horizonUs = 50 * 366 * dayUs;

/**
 * Lays the snapshots on the slots of the schedule. Nothing is expected before the first snapshot. A snapshot fills
 * the slot before it; a further one between the same two slots fills an earlier missed slot if it is near enough to
 * be that slot's delayed run, and otherwise (taken by hand) changes nothing. One snapshot never fills two slots.
 */
export function coverage(
  schedule: ScheduleConfig,
  snapshots: readonly { id: string; atUs: number }[],
  nowUs: number,
  limits: CoverageLimits = defaultLimits,
): Coverage {
  const times = snapshots
    .filter(({ atUs }) => atUs <= nowUs && atUs > nowUs - horizonUs)
    .sort((a, b) => a.atUs - b.atUs);
  const empty = { slots: [], kept: 0, missed: 0, late: 0, gaps: [], overdue: undefined };
  const words = { expected: describe(schedule), toleranceMs: schedule.toleranceMs };
  const first = times[0];
  if (first === undefined) return { ...words, ...empty, newestUs: undefined, nextDueUs: undefined };
  const newestUs = times.at(-1)?.atUs;
  const line = slotLine(schedule, first.atUs - dayUs, nowUs);
  const toleranceUs = schedule.toleranceMs * 1000;
  const range = expectedRange(line, first.atUs, nowUs, toleranceUs);
  if (range.last < range.from)
    return { ...words, ...empty, newestUs, nextDueUs: dueOf(line, range.from, toleranceUs) };
  const filled = fill(line, range, times, toleranceUs);
  const overdue = range.lastDue - filled.next + 1;
  return {
    ...words,
    ...newest(line, range, filled.byIndex, limits),
    gaps: gapsOf(line, filled.missed, limits),
    newestUs,
    overdue: overdue > 0 ? { fromUs: line.timeOf(filled.next), missed: overdue } : undefined,
    nextDueUs: dueOf(line, Math.max(filled.next, range.lastDue + 1), toleranceUs),
  };
}

/** When the tolerance of a slot is over; undefined behind the last slot of a schedule that ends. */
function dueOf(line: SlotLine, index: number, toleranceUs: number): number | undefined {
  const dueUs = line.timeOf(index) + toleranceUs;
  return Number.isFinite(dueUs) ? dueUs : undefined;
}

function describe(schedule: ScheduleConfig): string {
  if (schedule.kind === 'interval') return `every ${formatDuration(schedule.everyMs).replace(/^1 /, '')}`;
  const step = /^\*\/(\d+)\s+\*\s+\*\s+\*\s+\*$/.exec(schedule.cron.trim());
  return step === null ? `cron ${schedule.cron} (UTC)` : `every ${step[1]} minutes`;
}

interface Range {
  from: number;
  /** The newest slot that has begun. */
  last: number;
  /** The newest slot whose tolerance is over: later ones are open. */
  lastDue: number;
}

function expectedRange(line: SlotLine, firstUs: number, nowUs: number, toleranceUs: number): Range {
  const own = line.indexAt(firstUs);
  const inTime = own >= line.first && firstUs - line.timeOf(own) <= toleranceUs;
  return {
    from: inTime ? own : own + 1,
    last: line.indexAt(nowUs),
    lastDue: line.indexAt(nowUs - toleranceUs - 1),
  };
}

interface Stretch {
  from: number;
  to: number;
}

type Filling = Map<number, { id: string; late: boolean }>;

function fill(
  line: SlotLine,
  range: Range,
  times: { id: string; atUs: number }[],
  toleranceUs: number,
): { byIndex: Filling; missed: Stretch[]; next: number } {
  const byIndex: Filling = new Map();
  const missed: Stretch[] = [];
  let reachable: Stretch[] = [];
  let next = range.from;
  const reachUs = line.spacingUs + toleranceUs;
  for (const { id, atUs } of times) {
    const own = line.indexAt(atUs);
    if (own < range.from) continue;
    if (own > next) reachable.push({ from: next, to: own - 1 });
    if (own >= next) {
      byIndex.set(own, { id, late: atUs - line.timeOf(own) > toleranceUs });
      next = own + 1;
      continue;
    }
    reachable = letGo(line, reachable, atUs - reachUs, missed);
    const earlier = takeFirst(reachable);
    if (earlier !== undefined) byIndex.set(earlier, { id, late: atUs - line.timeOf(earlier) > toleranceUs });
  }
  missed.push(...reachable);
  if (range.lastDue >= next) missed.push({ from: next, to: range.lastDue });
  return { byIndex, missed, next };
}

/** Moves what lies before `beforeUs` out of reach for good. */
function letGo(line: SlotLine, reachable: Stretch[], beforeUs: number, missed: Stretch[]): Stretch[] {
  const edge = line.indexAt(beforeUs - 1);
  const kept: Stretch[] = [];
  for (const stretch of reachable) {
    if (stretch.from <= edge) missed.push({ from: stretch.from, to: Math.min(stretch.to, edge) });
    if (stretch.to > edge) kept.push({ from: Math.max(stretch.from, edge + 1), to: stretch.to });
  }
  return kept;
}

function takeFirst(reachable: Stretch[]): number | undefined {
  const stretch = reachable[0];
  if (stretch === undefined) return undefined;
  const index = stretch.from;
  if (stretch.from === stretch.to) reachable.shift();
  else stretch.from += 1;
  return index;
}

function newest(line: SlotLine, range: Range, byIndex: Filling, limits: CoverageLimits) {
  const slots: Slot[] = [];
  const counts = { kept: 0, missed: 0, late: 0 };
  const oldestUs = line.timeOf(range.last) - limits.days * dayUs;
  for (let index = range.last; index >= range.from && slots.length < limits.slots; index--) {
    const atUs = line.timeOf(index);
    if (atUs <= oldestUs) break;
    const filling = byIndex.get(index);
    const state =
      filling === undefined ? (index > range.lastDue ? 'open' : 'missed') : filling.late ? 'late' : 'taken';
    if (filling !== undefined) counts.kept += 1;
    if (state === 'late' || state === 'missed') counts[state] += 1;
    slots.push({ atUs, state, id: filling?.id });
  }
  return { slots: slots.reverse(), ...counts };
}

function gapsOf(line: SlotLine, missed: Stretch[], limits: CoverageLimits): Coverage['gaps'] {
  const joined: Stretch[] = [];
  for (const stretch of missed.toSorted((a, b) => a.from - b.from)) {
    const before = joined.at(-1);
    if (before !== undefined && before.to + 1 >= stretch.from) before.to = Math.max(before.to, stretch.to);
    else joined.push({ ...stretch });
  }
  return joined
    .slice(-limits.gaps)
    .reverse()
    .map(({ from, to }) => ({
      fromUs: line.timeOf(from),
      toUs: line.timeOf(to + 1),
      missed: to - from + 1,
    }));
}
