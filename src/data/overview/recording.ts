import { max, pairs } from 'd3';
import { formatSpan } from '../../../collector/base/format/duration.ts';
import type { DayCounts } from '../actions/types.ts';
import type { SiteBook } from '../book/types.ts';
import {
  disabledText,
  isStopped,
  longestPauseDays,
  type Recorder,
  type RecordingState,
  recorderOf,
  recorderSentence,
  recordingState,
} from '../browser.ts';

const dayUs = 86_400_000_000;
/** Clocks of two machines differ by so much without anyone minding. */
const maxSkewUs = 300_000_000;

/** Whether a book is recorded to, and how what takes its snapshots stands. */
export interface Recording extends RecordingState {
  recorder: Recorder;
}

/** Reads first and last record of a book, actions, snapshots and runs together, against its build time. */
export function recording(book: SiteBook): Recording {
  const { actions, snapshots, runs } = book;
  const timesUs = [
    actions.firstUs,
    actions.lastUs,
    snapshots[0]?.atUs,
    snapshots.at(-1)?.atUs,
    runs.firstUs,
    runs.lastUs,
  ];
  const nowUs = book.builtAtUs;
  const recorder = recorderOf(book.coverage, {
    nowUs,
    lastUs: max(timesUs.filter(Number.isFinite) as number[]),
    newest: () => book.contentOf(snapshots.at(-1)?.id ?? ''),
  });
  return { ...recordingState({ timesUs, activeDays: activeDays(actions.days), recorder, nowUs }), recorder };
}

/** How far the newest record is dated behind the build, where that is more than clocks may differ; else 0. */
export function aheadUs(
  { builtAtUs }: Pick<SiteBook, 'builtAtUs'>,
  { lastUs = builtAtUs }: Recording,
): number {
  return lastUs - builtAtUs > maxSkewUs ? lastUs - builtAtUs : 0;
}

/** That in words. */
export function aheadText(us: number): string {
  return `The newest record is dated ${formatSpan(us / 1000)} after this build`;
}

/** Since when snapshots are expected of which none has come; undefined where one did, or the first day is not over. */
export function noneTakenSinceUs(
  { builtAtUs }: Pick<SiteBook, 'builtAtUs'>,
  { recorder, firstUs }: Recording,
): number | undefined {
  return recorder.state === 'waiting' && firstUs !== undefined && builtAtUs - firstUs >= dayUs
    ? firstUs
    : undefined;
}

/** What is wrong with what takes the snapshots, since when, and what to do; undefined where it runs. */
export function recorderTrouble(book: SiteBook): string | undefined {
  const { recorder } = recording(book);
  const said = recorderSentence(recorder, book.builtAtUs);
  if (said === undefined) return undefined;
  const ago = isStopped(recorder)
    ? `, ${formatSpan((book.builtAtUs - recorder.newestUs!) / 1000)} before this page was built`
    : '';
  return [`${said}${ago}.`, disabledText(recorder) ?? ''].filter(Boolean).join(' ');
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
