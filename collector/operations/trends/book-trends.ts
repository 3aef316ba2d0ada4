import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import type { TrendsConfig } from '../../formats/config/trends.ts';
import { readConfigFile } from '../../store/config-file.ts';
import type { TrendSeries } from '../../trends/series.ts';
import { judge, type Trend, type TrendRules, usualRules, worstFirst } from '../../trends/verdict.ts';
import { bookSeries, fieldSeries, type SeriesOptions } from './book-series.ts';

/** Which series are wanted. */
export interface TrendChoice {
  /** A key, or a part of one; the path of a field that daybook.yaml does not name will do, too. */
  name?: string | undefined;
  /** The name of this build of Daybook, where what it kept may be used. */
  build?: string | undefined;
}

/** The series of a book, judged. */
export interface BookTrends {
  /** Worst first. */
  trends: Trend[];
  /** How many further series there are, whose newest points are older than those of all that were judged. */
  notJudged: number;
}

const mostSeries = 1000;

/**
 * Judges the series of a book: metrics and durations of runs, durations of actions, and the fields that daybook.yaml names.
 * @throws DaybookError `not-found` where nothing is called `name`.
 */
export async function bookTrends(root: string, { name, build }: TrendChoice = {}): Promise<BookTrends> {
  const { config } = await readConfigFile(root);
  const { series: all } = await bookSeries(root, { ...config.trends, build });
  const chosen = name === undefined ? all : await named(root, name, all, { ...config.trends, build });
  const newest = chosen
    .map((series) => ({ series, atUs: series.points.reduce((most, { atUs }) => Math.max(most, atUs), 0) }))
    .sort((a, b) => b.atUs - a.atUs)
    .slice(0, mostSeries);
  const rules = rulesOf(config.trends);
  return {
    trends: newest.map(({ series }) => judge(series, rules)).sort(worstFirst),
    notJudged: chosen.length - newest.length,
  };
}

/** What counts as a change in this book. */
export function rulesOf({ window, confirmations, smallest }: TrendsConfig): TrendRules {
  return {
    window: window ?? usualRules.window,
    confirmations: confirmations ?? usualRules.confirmations,
    smallest: smallest ?? usualRules.smallest,
  };
}

async function named(
  root: string,
  name: string,
  all: readonly TrendSeries[],
  options: SeriesOptions,
): Promise<TrendSeries[]> {
  const exact = all.filter(({ key }) => key === name);
  if (exact.length > 0) return exact;
  const fitting = all.filter(({ key }) => key.includes(name));
  if (fitting.length > 0) return fitting;
  const field = await fieldSeries(root, name.replace(/^fields\//, ''), options);
  if (field !== undefined) return [field];
  const near = nearest(
    name,
    all.flatMap(({ key }) => [key, key.slice(key.lastIndexOf('/') + 1)]),
  );
  throw new DaybookError('not-found', `No series of this book is called "${showText(name)}".`, {
    hint:
      near === undefined
        ? `There are ${plural(all.length, 'series', 'series')}: daybook trend lists them.`
        : `Did you mean "${showText(near)}"?`,
  });
}
