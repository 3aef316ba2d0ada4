import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { total } from '../../charts/histogram.ts';
import type { SiteBook } from '../book/types.ts';
import { disabledText, isStopped } from '../browser.ts';
import { failedRunFacts } from '../runs/attention.ts';
import { gapText, pastGaps } from './attention.ts';
import type { AttentionItem } from './attention-item.ts';
import { aheadUs, lastActiveDay, type Recording, recording } from './recording.ts';
import { failedFacts, findingFacts, worstOf } from './worst.ts';

/** The first thing a reader sees: one sentence, when something was last recorded, and the facts behind it. */
export interface Headline {
  sentence: string;
  lastUs: number | undefined;
  /** True where that lies after the build: a clock is wrong, and "ago" would be too. */
  ahead: boolean;
  /** Further sentences, in the order of weight. */
  facts: string[];
}

const dayUs = 86_400_000_000;

/** Says the worst thing that is true, from the records alone; where nothing is, that it works. */
export function headline(book: SiteBook, items: AttentionItem[]): Headline {
  const state = recording(book);
  const { lastUs } = state;
  const ahead = aheadUs(book, state);
  const worst = worstOf(book, state);
  const said = worst?.sentence ?? workingSentence(items);
  const clock = `That is ${formatSpan(ahead / 1000)} after this build: one of the clocks is wrong.`;
  const facts = [
    ...(ahead === 0 ? [] : [worst?.name === 'ahead' ? 'One of the clocks is wrong.' : clock]),
    ...(worst?.name === 'quiet'
      ? lastDayFacts(book)
      : [...recorderFacts(state), ...missedFacts(book, state)]),
    ...failedFacts(book),
    ...failedRunFacts(book),
    ...findingFacts(book),
  ];
  return { sentence: said, lastUs, ahead: ahead > 0, facts: facts.filter((fact) => fact !== said) };
}

function workingSentence(items: AttentionItem[]): string {
  if (items.length === 0) return 'Working, and nothing needs attention.';
  return `Working, with ${inWords(items.length, 'thing')} to look at.`;
}

/** What belongs to snapshots that stopped: how many are missing by now, and why that may be. */
function recorderFacts({ recorder }: Recording): string[] {
  if (!isStopped(recorder)) return [];
  const missing = inWords(
    recorder.overdue,
    'snapshot that was expected since is',
    'snapshots that were expected since are',
  );
  return [`${sentence(missing)} missing.`, disabledText(recorder) ?? ''].filter(Boolean);
}

function missedFacts(book: SiteBook, { recorder }: Recording): string[] {
  const { coverage } = book;
  const gaps = pastGaps(book, recorder);
  const gap = gaps[0];
  if (coverage === undefined || gap === undefined) return [];
  if (coverage.kept === 0 && coverage.missed > 1)
    return [
      `None of the newest ${formatCount(coverage.missed)} snapshots that were expected has been taken.`,
    ];
  const missed = gaps.reduce((sum, one) => sum + one.missed, 0);
  const what = sentence(inWords(missed, 'snapshot was', 'snapshots were'));
  const when = `${isWithinDay(gap) ? 'on' : 'from'} ${gapText(gap, book.builtAtUs)}`;
  if (gaps.length === 1) return [`${what} missed ${when}.`];
  return [`${what} missed in ${inWords(gaps.length, 'stretch', 'stretches')}, the last ${when}.`];
}

function isWithinDay({ fromUs, toUs, missed }: { fromUs: number; toUs: number; missed: number }): boolean {
  return missed === 1 || Math.floor(fromUs / dayUs) === Math.floor((toUs - 1) / dayUs);
}

function lastDayFacts(book: SiteBook): string[] {
  const day = lastActiveDay(book);
  if (day === undefined) return [];
  const failed =
    day.counts.failed === 0 ? 'none failed' : `${inWords(day.counts.failed, 'of them', 'of them')} failed`;
  return [
    `Its last active day, ${formatDay(Date.parse(day.day) * 1000, book.builtAtUs)}, held ${plural(total(day.counts), 'action')}; ${failed}.`,
  ];
}
