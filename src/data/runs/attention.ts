import { formatMoment } from '../../../collector/base/format/time.ts';
import { inWords, plural, sentence, shorten } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../book/types.ts';
import { runHref, runsWhereHref } from '../links.ts';
import type { AttentionItem } from '../overview/attention-item.ts';
import type { RunView } from './types.ts';
import { runTitle, staleWord } from './words.ts';

const weekUs = 7 * 86_400_000_000;
const dayUs = 86_400_000_000;

/**
 * Runs to look at: failed ones of the last recorded week, those of one identifier as one thing, those whose receipts no
 * longer hold (not those whose code has only moved on), and those that no longer live.
 */
export function runItems(book: SiteBook): AttentionItem[] {
  return [...failedItems(book), ...brokenItems(book), ...staleItems(book)];
}

/** Sentences about runs that failed within a day of the build. */
export function failedRunFacts({ runs, builtAtUs }: SiteBook): string[] {
  const recent = runs.failed.filter(({ atUs }) => atUs !== undefined && atUs > builtAtUs - dayUs);
  if (recent.length === 0) return [];
  const all = recent.length === runs.failed.length && runs.byStatus.failed > recent.length ? 'At least ' : '';
  const count = inWords(recent.length, 'run');
  return [`${all === '' ? sentence(count) : all + count} failed in the last 24 hours.`];
}

/** The keys of the failed runs that `runItems` tells of. */
export function failedRunsTold(book: SiteBook): ReadonlySet<string> {
  return new Set(recentlyFailed(book).map(({ key }) => key));
}

function recentlyFailed({ runs }: SiteBook): RunView[] {
  const since = (runs.lastUs ?? 0) - weekUs;
  return runs.failed.filter(({ atUs }) => atUs !== undefined && atUs > since);
}

function failedItems(book: SiteBook): AttentionItem[] {
  const groups = new Map<string, RunView[]>();
  for (const run of recentlyFailed(book)) {
    groups.set(run.identifier, [...(groups.get(run.identifier) ?? []), run]);
  }
  return [...groups.values()].map((group) => {
    const newest = group[0] as RunView;
    return {
      mark: 'failed',
      word: 'failed',
      title: `run ${runTitle(newest)}`,
      summary: group.length > 1 ? `and ${group.length - 1} more of ${shorten(newest.identifier, 40)}` : '',
      detail: newest.error ?? '',
      atUs: newest.atUs,
      href: hrefOf(book, newest),
    };
  });
}

function brokenItems(book: SiteBook): AttentionItem[] {
  const { runs } = book;
  const count = runs.verdicts.differs;
  if (count === 0) return [];
  const newest = runs.views.find(({ verdict }) => verdict === 'differs');
  const one = count === 1 && newest !== undefined;
  return [
    {
      mark: 'failed',
      word: 'differs',
      title: one ? `receipt of run ${runTitle(newest)}` : plural(count, 'receipt'),
      summary: 'data or a previous stage is not what it was',
      detail: one || newest === undefined ? '' : `newest: ${runTitle(newest)}`,
      atUs: undefined,
      href: one ? hrefOf(book, newest) : 'runs.html?receipt=differs',
    },
  ];
}

function staleItems(book: SiteBook): AttentionItem[] {
  const { runs } = book;
  const newest = runs.stale[0];
  if (newest === undefined) return [];
  const one = runs.staleTotal === 1;
  return [
    {
      mark: 'missed',
      word: staleWord,
      title: one ? `run ${runTitle(newest)}` : plural(runs.staleTotal, 'run'),
      summary: one ? 'says it runs' : 'say they run',
      detail: `${one ? '' : `newest: ${runTitle(newest)}, `}no sign of life since ${formatMoment(newest.stale?.sinceUs ?? Number.NaN, book.builtAtUs)}`,
      atUs: newest.stale?.sinceUs,
      href: one ? hrefOf(book, newest) : runsWhereHref('', 'stale'),
    },
  ];
}

function hrefOf({ runs }: SiteBook, { slug }: RunView): string {
  return runHref('', slug, runs.pageSlugs.includes(slug));
}
