import type { ActionRecord } from '../formats/actions/action.ts';
import { type BetterSettings, directionOfSeries } from './direction.ts';
import type { TrendSeries } from './series.ts';

/** So many lines of the log, the newest, are read for series: a log may have millions. */
export const mostLogLines = 10_000;

/** A series for each type of action: how long those took that completed. */
export function seriesOfActions(actions: Iterable<ActionRecord>, better: BetterSettings): TrendSeries[] {
  const found = new Map<string, TrendSeries>();
  for (const { type, status, durationMs, atUs, key, source } of actions) {
    if (status !== 'completed' || durationMs === undefined) continue;
    const id = `actions/${type}/duration`;
    let series = found.get(id);
    if (series === undefined) {
      const direction = directionOfSeries(id, 'duration', better);
      series = { key: id, kind: 'actions', name: 'duration', unit: 'ms', direction, points: [] };
      found.set(id, series);
    }
    // The machines of a CI have another name each time.
    const environment = source?.ci ?? source?.host ?? '';
    series.points.push({
      atUs,
      value: durationMs,
      id: key,
      commit: source?.commit,
      branch: source?.branch,
      environment,
    });
  }
  return [...found.values()];
}
