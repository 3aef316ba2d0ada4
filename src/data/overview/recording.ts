import { max, pairs } from 'd3';
import type { DayCounts } from '../actions/types.ts';
import type { SiteBook } from '../book/types.ts';
import { longestPauseDays, type RecordingState, recordingState } from '../browser.ts';

const dayUs = 86_400_000_000;

/** Reads first and last record of a book, actions, snapshots and runs together, against its build time. */
export function recording(book: SiteBook): RecordingState {
  const { actions, snapshots, runs } = book;
  return recordingState({
    timesUs: [
      actions.firstUs,
      actions.lastUs,
      snapshots[0]?.atUs,
      snapshots.at(-1)?.atUs,
      runs.firstUs,
      runs.lastUs,
    ],
    activeDays: activeDays(actions.days),
    coverage: book.coverage,
    nowUs: book.builtAtUs,
  });
}

/** Stretches of whole days without an action that are longer than this book's usual pauses, oldest first. */
export function silences(
  days: DayCounts[],
  fromUs: number,
  toUs: number,
): { fromUs: number; toUs: number; days: number }[] {
  const active = activeDays(days);
  const least = longestPauseDays(active);
  return pairs([...active, Math.floor(toUs / dayUs) + 1])
    .map(([before, after]) => ({
      fromUs: (before + 1) * dayUs,
      toUs: after * dayUs,
      days: after - before - 1,
    }))
    .filter((gap) => gap.days >= least && gap.toUs > fromUs && gap.fromUs < toUs)
    .map((gap) => ({ ...gap, fromUs: Math.max(gap.fromUs, fromUs), toUs: Math.min(gap.toUs, toUs) }));
}

function activeDays(days: DayCounts[]): number[] {
  return days.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 86_400_000).filter(Number.isFinite);
}

/** The last active day of the log, if it has one. */
export function lastActiveDay(book: SiteBook): DayCounts | undefined {
  const last = max(book.actions.days, ({ day }) => day);
  return book.actions.days.find(({ day }) => day === last);
}
