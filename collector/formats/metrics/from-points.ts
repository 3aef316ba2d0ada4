import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { numbersIn, stepNames, timeOf } from './points.ts';
import { type MetricsRecord, noPoints } from './record.ts';
import { settleResumes } from './resumed.ts';
import { WrittenLines, WrittenSeries } from './written.ts';

/** What the members of points are called that say which step they are of and when they were written. */
export interface PointNames {
  steps?: readonly string[];
  time?: string;
}

/** Takes points one by one and makes series of them: every number of a point is a point of a series, as in a metrics.jsonl. */
export class PointsReading {
  readonly #names: Required<Pick<PointNames, 'steps'>> & PointNames;
  readonly #written = new Map<string, WrittenSeries>();
  readonly #lines = new WrittenLines();
  readonly #record: MetricsRecord = noPoints();

  constructor(names: PointNames = {}) {
    this.#names = { steps: stepNames, ...names };
  }

  add(point: JsonObject): void {
    const { steps, time } = this.#names;
    const record = this.#record;
    const stepName = steps.find((name) => numberIn(point[name]) !== undefined);
    const step = stepName === undefined ? record.lines : numberIn(point[stepName])!;
    const atUs = time === undefined ? undefined : timeOf(numberIn(point[time]) ?? point[time])?.us;
    this.#lines.push(stepName?.replace(/^_/, ''), step, atUs);
    if (atUs !== undefined) {
      record.firstAtUs = Math.min(atUs, record.firstAtUs ?? atUs);
      record.lastAtUs = Math.max(atUs, record.lastAtUs ?? atUs);
    }
    for (const [name, value] of numbersIn(point, '', new Set(), 1)) {
      if (name === stepName || name === time) continue;
      const series = this.#written.get(name) ?? new WrittenSeries(name);
      this.#written.set(name, series);
      series.push(record.lines, value);
    }
    record.lines += 1;
  }

  finish(): MetricsRecord {
    for (const each of settleResumes([...this.#written.values()], this.#lines))
      this.#record.series.set(each.name, each);
    return this.#record;
  }
}

/** Series of points that stand in a list. */
export function seriesOfPoints(points: readonly JsonValue[], names: PointNames = {}): MetricsRecord {
  const reading = new PointsReading(names);
  for (const point of points) if (isObject(point)) reading.add(point);
  return reading.finish();
}
