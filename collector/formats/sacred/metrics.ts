import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import type { Finding } from '../findings/finding.ts';
import { numberOf } from '../metrics/points.ts';
import { type MetricsRecord, noPoints } from '../metrics/record.ts';
import { settleResumes } from '../metrics/resumed.ts';
import { WrittenLines, WrittenSeries } from '../metrics/written.ts';

/** The metrics.json of Sacred: by name, lists of steps, times and values. What is no metric is reported. */
export function sacredMetrics(
  metrics: JsonObject,
  file: string,
  report: (finding: Finding) => void,
): MetricsRecord {
  const record: MetricsRecord = noPoints();
  for (const [name, metric] of Object.entries(metrics)) {
    const values = isObject(metric) ? metric['values'] : undefined;
    if (!isObject(metric) || !Array.isArray(values)) {
      report({
        code: 'wrong-shape',
        severity: 'warning',
        file,
        path: name,
        expected: 'a metric with steps, timestamps and values',
        found: showText(jsonText(metric)),
        hint: 'The other metrics are read; correct this one or delete it.',
      });
      continue;
    }
    addMetric(record, name, values, listIn(metric, 'steps'), listIn(metric, 'timestamps'));
  }
  return record;
}

function addMetric(
  record: MetricsRecord,
  name: string,
  values: readonly JsonValue[],
  steps: readonly JsonValue[],
  times: readonly JsonValue[],
): void {
  const [series, lines] = [new WrittenSeries(name), new WrittenLines()];
  for (const [at, each] of values.entries()) {
    const step = numberOf(steps[at]);
    const time = times[at];
    // Sacred writes the time of Greenwich, and does not say so.
    const atUs = typeof time === 'string' ? parseTime(time)?.us : undefined;
    lines.push(step === undefined ? undefined : 'step', step ?? at, atUs);
    const value = numberOf(isObject(each) ? each['value'] : each);
    if (value === undefined) continue;
    series.push(at, value);
    record.lines += 1;
    if (atUs === undefined) continue;
    record.firstAtUs = Math.min(atUs, record.firstAtUs ?? atUs);
    record.lastAtUs = Math.max(atUs, record.lastAtUs ?? atUs);
  }
  if (series.values.length > 0) record.series.set(name, settleResumes([series], lines)[0]!);
}

function listIn(metric: JsonObject, name: string): readonly JsonValue[] {
  const list = metric[name];
  return Array.isArray(list) ? list : [];
}
