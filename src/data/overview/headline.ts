import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { total } from '../../charts/histogram.ts';
import type { SiteBook } from '../book/types.ts';
import { failedRunFacts } from '../runs/attention.ts';
import { gapText, graveFindings } from './attention.ts';
import type { AttentionItem } from './attention-item.ts';
import { lastActiveDay, recording } from './recording.ts';

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
/** Clocks of two machines differ by so much without anyone minding. */
const maxSkewMs = 300_000;

/** Says whether it is well, from the records alone. */
export function headline(book: SiteBook, items: AttentionItem[]): Headline {
  const { lastUs, silent, silentMs } = recording(book);
  const aheadMs = lastUs === undefined ? 0 : (lastUs - book.builtAtUs) / 1000;
  const ahead = aheadMs > maxSkewMs;
  if (lastUs === undefined) {
    const unread = book.actions.lines > 0 || book.files.length > 0;
    const said = unread ? 'Nothing could be read.' : 'Nothing recorded yet.';
    return { sentence: said, lastUs, ahead, facts: [...missedFacts(book), ...findingFacts(book)] };
  }
  if (silent) {
    return {
      sentence: `Silent for ${formatSpan(silentMs)}.`,
      lastUs,
      ahead,
      facts: [...lastDayFacts(book), ...findingFacts(book)],
    };
  }
  const clock = `That is ${formatSpan(aheadMs)} after this build: one of the clocks is wrong.`;
  return {
    sentence: workingSentence(book, items),
    lastUs,
    ahead,
    facts: [
      ...(ahead ? [clock] : []),
      ...missedFacts(book),
      ...failedFacts(book),
      ...failedRunFacts(book),
      ...findingFacts(book),
    ],
  };
}

function workingSentence(book: SiteBook, items: AttentionItem[]): string {
  const how = book.snapshots.at(-1)?.health === 'failing' ? 'Failing' : 'Working';
  if (items.length === 0) return 'Working, and nothing needs attention.';
  return `${how}, with ${inWords(items.length, 'thing')} to look at.`;
}

function missedFacts(book: SiteBook): string[] {
  const { coverage } = book;
  const firstSlot = coverage?.slots[0]?.atUs ?? Number.POSITIVE_INFINITY;
  const gaps = (coverage?.gaps ?? []).filter(({ toUs }) => toUs >= firstSlot);
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

function failedFacts(book: SiteBook): string[] {
  const since = book.builtAtUs - dayUs;
  const recent = book.actions.attention.filter(({ atUs, status }) => atUs > since && status === 'failed');
  if (recent.length === 0) return [];
  const types = [...new Set(recent.map(({ type }) => type))];
  const only = types.length === 1 && types[0] !== undefined && types[0].length <= 40 ? `${types[0]} ` : '';
  return [`${sentence(inWords(recent.length, `${only}action`))} failed in the last 24 hours.`];
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

function findingFacts(book: SiteBook): string[] {
  const grave = graveFindings(book).length;
  if (grave === 0) return [];
  return [`${sentence(inWords(grave, 'finding'))} in the files of the book.`];
}
