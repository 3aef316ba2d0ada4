import { isObject, type JsonValue } from '../../base/json/json.ts';
import type { MetricsRecord } from './metrics.ts';
import { numbersIn, stepNames, timeOf } from './points.ts';
import { settleResumes } from './resumed.ts';
import { WrittenLines, WrittenSeries } from './written.ts';

/** What the members of points are called that say which step they are of and when they were written. */
export interface PointNames {
  steps?: readonly string[];
  time?: string;
}

/** Series of points that stand in a list, as the lines of a metrics.jsonl do: every number is a point of a series. */
export function seriesOfPoints(
  points: readonly JsonValue[],
  { steps = stepNames, time }: PointNames = {},
): MetricsRecord {
  const record: MetricsRecord = {
    series: new Map(),
    lines: 0,
    firstAtUs: undefined,
    lastAtUs: undefined,
    zoneless: false,
  };
  const written = new Map<string, WrittenSeries>();
  const lines = new WrittenLines();
  for (const point of points) {
    if (!isObject(point)) continue;
    const stepName = steps.find((name) => typeof point[name] === 'number');
    const atUs = time === undefined ? undefined : timeOf(point[time])?.us;
    lines.push(
      stepName?.replace(/^_/, ''),
      stepName === undefined ? record.lines : (point[stepName] as number),
      atUs,
    );
    if (atUs !== undefined) {
      record.firstAtUs = Math.min(atUs, record.firstAtUs ?? atUs);
      record.lastAtUs = Math.max(atUs, record.lastAtUs ?? atUs);
    }
    for (const [name, value] of numbersIn(point, '', new Set(), 1)) {
      if (name === stepName || name === time) continue;
      const series = written.get(name) ?? new WrittenSeries(name);
      written.set(name, series);
      series.push(record.lines, value);
    }
    record.lines += 1;
  }
  for (const each of settleResumes([...written.values()], lines)) record.series.set(each.name, each);
  return record;
}
