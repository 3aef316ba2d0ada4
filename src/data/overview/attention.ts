import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatClock, formatDay, formatMoment, formatWeekday } from '../../../collector/base/format/time.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import type { ActionView } from '../actions/types.ts';
import type { Coverage, SiteBook } from '../book/types.ts';
import { isStopped, type Recorder, recorderSentence } from '../browser.ts';
import { actionHref, snapshotHref } from '../links.ts';
import { failedRunsTold, runItems } from '../runs/attention.ts';
import type { AttentionItem } from './attention-item.ts';
import { aheadText, aheadUs, noneTakenSinceUs, recording } from './recording.ts';
import { scheduleText } from './schedule.ts';

const weekUs = 7 * 86_400_000_000;
const dayUs = 86_400_000_000;

/** What a person should look at, most serious first: snapshots that stopped, silence, the state itself, failures of the last seven days, runs without a sign of life, missed snapshots, findings, actions without an end, a clock that is wrong. */
export function attention(book: SiteBook): AttentionItem[] {
  return [
    ...recorderItems(book),
    ...silentItems(book),
    ...healthItems(book),
    ...failureItems(book),
    ...runItems(book),
    ...missedItems(book),
    ...findingItems(book),
    ...neverEndedItems(book),
    ...clockItems(book),
  ];
}

/** A stretch of missed slots in words: "Tue 17 between 02:00 and 06:30", "Tue 17 at 02:00"; with the date where it is older than a week. */
export function gapText(gap: { fromUs: number; toUs: number; missed: number }, nowUs: number): string {
  const sameDay = Math.floor(gap.fromUs / dayUs) === Math.floor((gap.toUs - 1) / dayUs);
  const day = nowUs - gap.fromUs > weekUs ? formatDay(gap.fromUs, nowUs) : formatWeekday(gap.fromUs);
  if (gap.missed === 1) return `${day} at ${formatClock(gap.fromUs)}`;
  if (sameDay) return `${day} between ${formatClock(gap.fromUs)} and ${formatClock(gap.toUs)}`;
  return `${formatMoment(gap.fromUs, nowUs)} to ${formatMoment(gap.toUs, nowUs)}`;
}

/** Stretches of missed slots among the newest slots, newest first, but for one that goes on and is told by itself. */
export function pastGaps(
  { coverage }: Pick<SiteBook, 'coverage'>,
  { overdueSinceUs }: Recorder,
): Coverage['gaps'] {
  const firstSlot = coverage?.slots[0]?.atUs ?? Number.POSITIVE_INFINITY;
  return (coverage?.gaps ?? []).filter(({ fromUs, toUs }) => toUs >= firstSlot && fromUs !== overdueSinceUs);
}

/** Actions that could have ended, began more than a day before the build and never reported an end. */
export function neverEnded(book: SiteBook): number {
  return Math.max(0, book.actions.byStatus.running - endless(book) - runningNow(book).length);
}

/** Lines that say they run and can never be ended: a habit of their writer, not a thing to look at. */
export function endless(book: SiteBook): number {
  return book.actions.endless.reduce((sum, { count }) => sum + count, 0);
}

/** What stands where nothing needs attention; `lastUs` is the newest action, from which the week counts back. */
export function calmText({ actions: { days, lastUs } }: Pick<SiteBook, 'actions'>): string {
  const since = lastUs === undefined ? Number.POSITIVE_INFINITY : lastUs - weekUs;
  const failed = days.some(({ day, counts }) => counts.failed > 0 && Date.parse(day) * 1000 > since);
  const actions = failed
    ? 'whatever failed in the last seven days of the log has succeeded since'
    : 'no action failed in the last seven days of the log';
  return `Nothing: ${actions}, and every file was read as expected.`;
}

/** Actions that began within a day of the build and still run. */
export function runningNow(book: SiteBook): ActionView[] {
  return book.actions.running.filter(({ atUs }) => atUs > book.builtAtUs - dayUs);
}

function healthItems(book: SiteBook): AttentionItem[] {
  const newest = book.snapshots.at(-1);
  if (newest === undefined || (newest.health !== 'degraded' && newest.health !== 'failing')) return [];
  return [
    {
      mark: newest.health === 'failing' ? 'failed' : 'degraded',
      word: newest.health,
      title: 'newest snapshot',
      summary: newest.healthReasons[0] ?? '',
      detail: newest.healthReasons.slice(1, 3).join(' '),
      atUs: newest.atUs,
      href: book.pageIds.includes(newest.id) ? snapshotHref('', newest.id) : 'snapshots.html',
    },
  ];
}

/** Failed and aborted actions of the last recorded week that no success of their type and run has followed; several of one type are one thing. */
function failureItems(book: SiteBook): AttentionItem[] {
  const lastUs = book.actions.lastUs ?? 0;
  const told = failedRunsTold(book);
  const groups = new Map<string, ActionView[]>();
  for (const action of book.actions.attention) {
    if (!(action.atUs > lastUs - weekUs)) continue;
    // The command of a run that is told as a run is no second thing.
    if (action.status === 'failed' && action.run !== undefined && told.has(action.run)) continue;
    const key = `${action.status} ${action.type}`;
    groups.set(key, [...(groups.get(key) ?? []), action]);
  }
  return [...groups.values()].map((group) => {
    const newest = group[0] as ActionView;
    return {
      mark: newest.status,
      word: newest.status,
      title: newest.type,
      summary: [newest.summary, group.length > 1 ? `and ${group.length - 1} more` : '']
        .filter(Boolean)
        .join(', '),
      detail: newest.error ?? [newest.run, newest.writer].filter(Boolean).join(', '),
      atUs: newest.atUs,
      href: actionHref('', newest.key),
    };
  });
}

function recorderItems(book: SiteBook): AttentionItem[] {
  const state = recording(book);
  const { recorder } = state;
  const sinceUs = noneTakenSinceUs(book, state);
  if (sinceUs !== undefined) return [noneTakenItem(book, sinceUs)];
  const said = recorderSentence(recorder, book.builtAtUs);
  if (said === undefined) return [];
  const expected = `expected ${scheduleText(book.coverage?.expected ?? '')}`;
  return [
    {
      mark: 'missed',
      word: isStopped(recorder) ? 'stopped' : 'late',
      title: said,
      summary: isStopped(recorder) ? `${formatCount(recorder.overdue)} missing since` : '',
      detail: recorder.idle === undefined ? expected : `${expected}; probably disabled by GitHub`,
      atUs: isStopped(recorder) ? recorder.newestUs : recorder.overdueSinceUs,
      href: 'snapshots.html',
    },
  ];
}

function silentItems(book: SiteBook): AttentionItem[] {
  const { silent, silentMs, lastUs, recorder } = recording(book);
  if (!silent || isStopped(recorder)) return [];
  return [
    {
      mark: 'missed',
      word: 'silent',
      title: 'Nothing was recorded',
      summary: `for ${formatSpan(silentMs)}`,
      detail: '',
      atUs: lastUs,
      href: 'actions.html',
    },
  ];
}

function clockItems(book: SiteBook): AttentionItem[] {
  const state = recording(book);
  const us = aheadUs(book, state);
  if (us === 0) return [];
  return [
    {
      mark: 'finding',
      word: 'clock',
      title: aheadText(us),
      summary: 'one of the clocks is wrong',
      detail: '',
      atUs: state.lastUs,
      href: 'actions.html',
    },
  ];
}

function noneTakenItem({ coverage, builtAtUs }: SiteBook, sinceUs: number): AttentionItem {
  return {
    mark: 'missed',
    word: 'missed',
    title: 'No snapshot has been taken',
    summary: `since recording began on ${formatMoment(sinceUs, builtAtUs)}`,
    detail: `expected ${scheduleText(coverage?.expected ?? '')}`,
    atUs: sinceUs,
    href: 'snapshots.html',
  };
}

function missedItems(book: SiteBook): AttentionItem[] {
  const gaps = pastGaps(book, recording(book).recorder);
  return gaps.slice(0, 3).map((gap) => ({
    mark: 'missed',
    word: 'missed',
    title: plural(gap.missed, 'snapshot'),
    summary: gapText(gap, book.builtAtUs),
    detail: `expected ${scheduleText(book.coverage?.expected ?? '')}`,
    atUs: gap.toUs,
    href: 'snapshots.html',
  }));
}

/** What hides data or may: stale runs are told as runs. */
export function graveFindings({ findings }: SiteBook): SiteBook['findings'] {
  return findings.filter(({ severity, code }) => severity !== 'note' && code !== 'stale-run');
}

function findingItems(book: SiteBook): AttentionItem[] {
  const grave = graveFindings(book);
  const first = grave[0];
  if (first === undefined) return [];
  const place = first.line === undefined ? first.file : `${first.file}, line ${first.line}`;
  return [
    {
      mark: 'finding',
      word: grave.length === 1 ? 'finding' : 'findings',
      title: sentence(inWords(grave.length, 'record or file', 'records or files')),
      summary: grave.length === 1 ? 'is not as expected' : 'are not as expected',
      detail: `${place}: ${first.found}`,
      atUs: undefined,
      href: 'health.html',
    },
  ];
}

function neverEndedItems(book: SiteBook): AttentionItem[] {
  const count = neverEnded(book);
  if (count === 0) return [];
  const newest = book.actions.running.find(({ atUs }) => !(atUs > book.builtAtUs - dayUs));
  return [
    {
      mark: 'running',
      word: 'no end',
      title: plural(count, 'action'),
      summary: 'began and never reported an end',
      detail: newest === undefined ? '' : `newest: ${newest.type} ${newest.summary}`,
      atUs: newest?.atUs,
      href: newest === undefined ? 'actions.html' : actionHref('', newest.key),
    },
  ];
}
