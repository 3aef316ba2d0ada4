import { formatDay, formatSpan, inWords, plural, sentence } from '../charts/format.ts';
import { total } from '../charts/histogram.ts';
import type { SiteBook } from './site-book.ts';
import { type AttentionItem, gapText } from './views-attention.ts';
import { lastActiveDay, recording } from './views-recording.ts';

/** The first thing a reader sees: one sentence, when something was last recorded, and the facts behind it. */
export interface Headline {
  sentence: string;
  lastUs: number | undefined;
  /** Further sentences, in the order of weight. */
  facts: string[];
}

const dayUs = 86_400_000_000;

/** Says whether it is well, from the records alone. */
export function headline(book: SiteBook, items: AttentionItem[]): Headline {
  const { lastUs, silent, silentMs } = recording(book);
  if (lastUs === undefined) return { sentence: 'Nothing recorded yet.', lastUs, facts: findingFacts(book) };
  if (silent) {
    return {
      sentence: `Silent for ${formatSpan(silentMs)}.`,
      lastUs,
      facts: [...lastDayFacts(book), ...findingFacts(book)],
    };
  }
  return {
    sentence: workingSentence(book, items),
    lastUs,
    facts: [...missedFacts(book), ...failedFacts(book), ...findingFacts(book)],
  };
}

function workingSentence(book: SiteBook, items: AttentionItem[]): string {
  const how = book.snapshots.at(-1)?.health === 'failing' ? 'Failing' : 'Working';
  if (items.length === 0) return 'Working, and nothing needs attention.';
  return `${how}, with ${inWords(items.length, 'thing')} to look at.`;
}

function missedFacts(book: SiteBook): string[] {
  const firstSlot = book.coverage?.slots[0]?.atUs ?? Number.POSITIVE_INFINITY;
  const gaps = (book.coverage?.gaps ?? []).filter(({ toUs }) => toUs >= firstSlot);
  const gap = gaps[0];
  if (gap === undefined) return [];
  if (gaps.length > 1) {
    const missed = gaps.reduce((sum, one) => sum + one.missed, 0);
    return [
      `${sentence(inWords(missed, 'snapshot was', 'snapshots were'))} missed in ${inWords(gaps.length, 'stretch', 'stretches')}, the last on ${gapText(gap, book.builtAtUs)}.`,
    ];
  }
  return [
    `${sentence(inWords(gap.missed, 'snapshot was', 'snapshots were'))} missed on ${gapText(gap, book.builtAtUs)}.`,
  ];
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
  const grave = book.findings.filter(({ severity }) => severity !== 'note').length;
  if (grave === 0) return [];
  return [`${sentence(inWords(grave, 'finding'))} in the files of the book.`];
}
