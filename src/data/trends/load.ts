import type { FieldValue } from '../../../collector/store/periodic-field.ts';
import type { Loading } from '../book/load-kinds.ts';
import type { KeptTrends, TrendsSummary } from './types.ts';
import { joinedTrends, keptTrends, noTrends } from './views.ts';

/** The trends of a book: those of runs, which were judged when they were read, of actions, and of the fields that daybook.yaml names. */
export async function loadTrends(loading: Loading, ofRuns: KeptTrends): Promise<TrendsSummary> {
  const { root, collector, guard } = loading;
  const ofActions = await guard.run('actions', () => actionTrends(loading), noTrends);
  const ofFields = await guard.run('snapshots', () => fieldTrends(loading), noTrends);
  const joined = joinedTrends([ofRuns, ofActions, ofFields]);
  const commits = joined.views.flatMap(({ since }) => since?.commit ?? []);
  const facts = await collector.commitFacts(root, commits);
  for (const { since } of joined.views) Object.assign(since ?? {}, facts.get(since?.commit ?? ''));
  return { ...joined, releases: joined.views.length === 0 ? [] : await collector.releaseTags(root) };
}

async function actionTrends({ root, collector, config }: Loading): Promise<KeptTrends> {
  const { records } = await collector.newestActions(root, collector.mostLogLines);
  return keptTrends(collector, collector.seriesOfActions(records, config.trends.better), config.trends);
}

async function fieldTrends({ root, collector, config }: Loading): Promise<KeptTrends> {
  const { fields, better } = config.trends;
  const series = [];
  for (const path of fields) {
    const values: FieldValue[] = [];
    const place = collector.parsePath(path);
    if (place !== undefined)
      await collector.readField(root, place, collector.daybookBuild, (value) => values.push(value));
    series.push(collector.seriesOfField(path, values, better));
  }
  return keptTrends(collector, series, config.trends);
}
