import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { type JudgedSeries, judgeAll } from '../../trends/judge-all.ts';
import type { TrendSeries } from '../../trends/series.ts';
import { bookSeries, fieldSeries, type SeriesOptions } from './book-series.ts';

/** Which series are wanted. */
export interface TrendChoice {
  /** A key, or a part of one; the path of a field that daybook.yaml does not name will do, too. */
  name?: string | undefined;
  /** The name of this build of Daybook, where what it kept may be used. */
  build?: string | undefined;
}

const mostSeries = 1000;

/**
 * Judges the series of a book: metrics and durations of runs, durations of actions, and the fields that daybook.yaml names.
 * @throws DaybookError `not-found` where nothing is called `name`.
 */
export async function bookTrends(root: string, { name, build }: TrendChoice = {}): Promise<JudgedSeries> {
  const { config } = await readConfigFile(root);
  const { series: all } = await bookSeries(root, { ...config.trends, build });
  const chosen = name === undefined ? all : await named(root, name, all, { ...config.trends, build });
  return judgeAll(chosen, config.trends, mostSeries);
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
