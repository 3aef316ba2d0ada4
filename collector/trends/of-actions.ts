import type { ActionRecord } from '../formats/actions/action.ts';
import { type BetterSettings, directionOfSeries } from './direction.ts';
import type { TrendSeries } from './series.ts';

/** A series for each type of action: how long those took that completed. */
export function seriesOfActions(actions: Iterable<ActionRecord>, better: BetterSettings): TrendSeries[] {
  const found = new Map<string, TrendSeries>();
  for (const { type, status, durationMs, atUs, key, source } of actions) {
    if (status !== 'completed' || durationMs === undefined) continue;
    const name = `actions/${type}/duration`;
    let series = found.get(name);
    if (series === undefined) {
      const direction = directionOfSeries(name, 'duration', better);
      series = { key: name, kind: 'actions', unit: 'ms', direction, points: [] };
      found.set(name, series);
    }
    // The machines of a CI have another name each time.
    const environment = source?.ci ?? source?.host ?? '';
    series.points.push({ atUs, value: durationMs, id: key, commit: source?.commit, environment });
  }
  return [...found.values()];
}
