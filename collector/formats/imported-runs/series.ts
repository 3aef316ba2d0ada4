import { isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import type { MetricPoints, MetricSeries } from '../metrics/series.ts';
import { numberFrom, numberText } from './document.ts';

/** So many points stand in a line: it stays a line that any program takes. */
const mostPoints = 5000;

/** The points of a run, some thousands of one series a line: every value, step and time as it was read. */
export function* seriesLines(series: readonly MetricSeries[]): Generator<string> {
  for (const { name, resumed, ...points } of series) {
    yield* pointLines({ name }, points);
    if (resumed === undefined) continue;
    const { by, at, earlier } = resumed;
    yield* pointLines({ name, resumed_by: by, resumed_at: at }, earlier);
  }
}

function* pointLines(head: object, { steps, values, timesUs }: MetricPoints): Generator<string> {
  for (let from = 0; from < values.length; from += mostPoints) {
    const part = (column: Float64Array) => Array.from(column.subarray(from, from + mostPoints), numberText);
    const times = timesUs === undefined ? {} : { times_us: part(timesUs) };
    yield `${jsonText({ ...head, steps: part(steps), values: part(values), ...times })}\n`;
  }
}

/** Reads the lines again, in the order in which the series first occur. A line that is damaged is reported, and the others are read. */
export function readSeriesLines(
  text: string,
  file: string,
  report: (finding: Finding) => void,
): Map<string, MetricSeries> {
  const parts = new Map<string, { current: Columns[]; earlier: Columns[]; by: string; at: number[] }>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const read = lineOf(line);
    if (read === undefined) {
      report({
        code: 'broken-json',
        severity: 'error',
        file,
        line: index + 1,
        expected: 'a series with name, steps and values of one length',
        found: showText(line, 80),
        hint: 'The other lines are read. Import the run once more to have it back.',
      });
      continue;
    }
    const known = parts.get(read.name) ?? { current: [], earlier: [], by: '', at: [] };
    parts.set(read.name, known);
    if (read.by === undefined) known.current.push(read.columns);
    else Object.assign(known, { earlier: [...known.earlier, read.columns], by: read.by, at: read.at });
  }
  const series = new Map<string, MetricSeries>();
  for (const [name, { current, earlier, by, at }] of parts) {
    const resumed = earlier.length === 0 ? {} : { resumed: { by, at, earlier: joined(earlier) } };
    series.set(name, { name, ...joined(current), ...resumed });
  }
  return series;
}

interface Columns {
  steps: number[];
  values: number[];
  times: number[] | undefined;
}

function lineOf(
  line: string,
): { name: string; by: string | undefined; at: number[]; columns: Columns } | undefined {
  let value: JsonValue;
  try {
    value = parseJson(line);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value['name'] !== 'string') return undefined;
  const [steps, values] = [numbers(value['steps']), numbers(value['values'])];
  const times = value['times_us'] === undefined ? undefined : numbers(value['times_us']);
  if (steps === undefined || values?.length !== steps.length) return undefined;
  if (value['times_us'] !== undefined && times?.length !== steps.length) return undefined;
  const by = typeof value['resumed_by'] === 'string' ? value['resumed_by'] : undefined;
  return {
    name: value['name'],
    by,
    at: numbers(value['resumed_at']) ?? [],
    columns: { steps, values, times },
  };
}

function numbers(value: JsonValue | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.map(numberFrom);
  return read.includes(undefined) ? undefined : (read as number[]);
}

function joined(parts: readonly Columns[]): MetricPoints {
  const column = (of: (part: Columns) => readonly number[]) => Float64Array.from(parts.flatMap(of));
  const isTimed = parts.some(({ times }) => times !== undefined);
  return {
    steps: column(({ steps }) => steps),
    values: column(({ values }) => values),
    timesUs: isTimed ? column(({ times, values }) => times ?? values.map(() => Number.NaN)) : undefined,
  };
}
