import { formatPath, parsePath } from '../../base/json/path.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { TrendsConfig } from '../../formats/config/trends.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { type FieldValue, readField } from '../../store/periodic-field.ts';
import { mostLogLines, seriesOfActions } from '../../trends/of-actions.ts';
import { seriesOfField } from '../../trends/of-field.ts';
import { seriesOfRuns } from '../../trends/of-runs.ts';
import type { TrendSeries } from '../../trends/series.ts';
import { readBookRuns } from '../runs/find.ts';

/** How a book is read. */
export interface SeriesOptions extends TrendsConfig {
  /** The name of this build of Daybook, where what it kept may be used. */
  build: string | undefined;
}

/** The series of a book, but for fields that nobody names, and the actions that were read for them, newest first. */
export async function bookSeries(
  root: string,
  options: SeriesOptions,
): Promise<{ series: TrendSeries[]; actions: ActionRecord[] }> {
  const runs = await readBookRuns(root, undefined, options.build);
  const { records: actions } = await newestActions(root, mostLogLines);
  const series = [...seriesOfRuns(runs, options), ...seriesOfActions(actions, options.better)];
  for (const path of options.fields) {
    // One that no snapshot has is listed all the same: somebody expects it.
    series.push((await fieldSeries(root, path, options)) ?? seriesOfField(path, [], options.better));
  }
  return { series, actions };
}

/** The series of one field; undefined where the path is none, or no snapshot has a number there. */
export async function fieldSeries(
  root: string,
  path: string,
  { better, build }: Pick<SeriesOptions, 'better' | 'build'>,
): Promise<TrendSeries | undefined> {
  const place = parsePath(path);
  if (place === undefined || place.length === 0) return undefined;
  const values: FieldValue[] = [];
  await readField(root, place, build, (value) => values.push(value));
  const series = seriesOfField(formatPath(place), values, better);
  return series.points.length === 0 ? undefined : series;
}
