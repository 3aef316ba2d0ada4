import type { JsonObject } from '../../../../base/json/json.ts';
import { isObject } from '../../../../base/json/json.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { numberOf } from '../../../../formats/metrics/points.ts';
import { type MetricsRecord, noPoints } from '../../../../formats/metrics/record.ts';
import { seriesOfTable } from '../../../../formats/table/series.ts';
import { readTable, type Table } from '../../../../formats/table/table.ts';
import { readTextFile } from '../../read-text.ts';
import { joined } from '../series.ts';
import { livePlots } from './live-folder.ts';

/** All series that DVCLive logged. */
export function liveMetrics(root: string, path: string, report: (finding: Finding) => void): MetricsRecord {
  const record = noPoints();
  for (const { name, file } of livePlots(root, path)) {
    const text = readTextFile(root, file, 'a metric of DVCLive', report);
    const table = text === undefined ? undefined : readTable(text, file, report);
    if (table !== undefined) joined(record, metricIn(table, name, file, report));
  }
  return record;
}

/** The last values that DVCLive wrote together, under the names of its tables: "train/loss". */
export function liveValues(summary: JsonObject): Record<string, number> {
  const values: Record<string, number> = Object.create(null);
  const visit = (member: JsonObject, prefix: string) => {
    for (const [key, value] of Object.entries(member)) {
      const number = numberOf(value);
      if (number !== undefined && prefix + key !== 'step') values[prefix + key] = number;
      else if (isObject(value)) visit(value, `${prefix}${key}/`);
    }
  };
  visit(summary, '');
  return values;
}

/** A table of DVCLive has a step and a value in each row; that of a metric called "step" has one column for both. */
function metricIn(
  table: Table,
  name: string,
  file: string,
  report: (finding: Finding) => void,
): MetricsRecord {
  const counted = table.columns.length === 1 ? { ...table, columns: [''] } : table;
  const { record } = seriesOfTable(counted, file, report, 'step');
  const series = record.series.get(counted.columns.at(-1)!);
  return { ...record, series: new Map(series === undefined ? [] : [[name, { ...series, name }]]) };
}
