import { numberIn } from '../base/json/exact-number.ts';
import type { JsonValue } from '../base/json/json.ts';
import { type BetterSettings, directionOfSeries } from './direction.ts';
import type { TrendSeries } from './series.ts';

/** The series of a number that snapshots have; `values` are those of the field, oldest first, whatever they are. */
export function seriesOfField(
  path: string,
  values: Iterable<{ id: string; atUs: number; value: JsonValue | undefined }>,
  better: BetterSettings,
): TrendSeries {
  const key = `fields/${path}`;
  const points: TrendSeries['points'] = [];
  for (const { id, atUs, value } of values) {
    const number = numberIn(value);
    if (number !== undefined) points.push({ atUs, value: number, id, environment: '' });
  }
  return { key, kind: 'fields', name: path, direction: directionOfSeries(key, path, better), points };
}
