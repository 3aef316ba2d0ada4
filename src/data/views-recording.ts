import { max, median, pairs, quantile } from 'd3';
import type { DayCounts, SiteBook } from './site-book.ts';

const dayUs = 86_400_000_000;

/** When a book was recorded to, and whether it has gone quiet. */
export interface Recording {
  firstUs: number | undefined;
  lastUs: number | undefined;
  /** From the last record to the build. */
  silentMs: number;
  /** True where that is longer than this book's own rhythm explains. */
  silent: boolean;
}

/** Reads first and last record of a book, actions, snapshots and runs together, against its build time. */
export function recording(book: SiteBook): Recording {
  const times = [
    book.actions.firstUs,
    book.actions.lastUs,
    book.snapshots[0]?.atUs,
    book.snapshots.at(-1)?.atUs,
    book.runs.firstUs,
    book.runs.lastUs,
  ].filter((us): us is number => us !== undefined && Number.isFinite(us));
  if (times.length === 0) return { firstUs: undefined, lastUs: undefined, silentMs: 0, silent: false };
  const lastUs = Math.max(...times);
  const silentMs = Math.max(0, (book.builtAtUs - lastUs) / 1000);
  return { firstUs: Math.min(...times), lastUs, silentMs, silent: silentMs > usualMs(book) };
}

/** Stretches of whole days without an action that are longer than this book's usual pauses, oldest first. */
export function silences(
  days: DayCounts[],
  fromUs: number,
  toUs: number,
): { fromUs: number; toUs: number; days: number }[] {
  const active = activeDays(days);
  const least = Math.max(3, 2 * usualPause(active) + 1);
  return pairs([...active, Math.floor(toUs / dayUs) + 1])
    .map(([before, after]) => ({
      fromUs: (before + 1) * dayUs,
      toUs: after * dayUs,
      days: after - before - 1,
    }))
    .filter((gap) => gap.days >= least && gap.toUs > fromUs && gap.fromUs < toUs)
    .map((gap) => ({ ...gap, fromUs: Math.max(gap.fromUs, fromUs), toUs: Math.min(gap.toUs, toUs) }));
}

/** The longest quiet that says nothing: three slots where there is a schedule, else from the rhythm of its days. */
function usualMs(book: SiteBook): number {
  const slots = book.coverage?.slots ?? [];
  const step = median(pairs(slots).map(([a, b]) => b.atUs - a.atUs));
  if (step !== undefined) return Math.max((3 * step) / 1000 + (book.coverage?.toleranceMs ?? 0), 7_200_000);
  return Math.max(3, 2 * usualPause(activeDays(book.actions.days)) + 1) * 86_400_000;
}

/** In four of five cases the pause between two active days is no longer than this many days. */
function usualPause(active: number[]): number {
  return Math.ceil(
    quantile(
      pairs(active).map(([a, b]) => b - a - 1),
      0.8,
    ) ?? 0,
  );
}

function activeDays(days: DayCounts[]): number[] {
  return days.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 86_400_000).filter(Number.isFinite);
}

/** The last active day of the log, if it has one. */
export function lastActiveDay(book: SiteBook): DayCounts | undefined {
  const last = max(book.actions.days, ({ day }) => day);
  return book.actions.days.find(({ day }) => day === last);
}
