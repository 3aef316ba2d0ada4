import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import { numberInText } from '../metrics/number-text.ts';
import { isTimeName, timeOf } from '../metrics/points.ts';
import { type MetricsRecord, noPoints } from '../metrics/record.ts';
import { settleResumes } from '../metrics/resumed.ts';
import { WrittenLines, WrittenSeries } from '../metrics/written.ts';
import { cellOf, type Table } from './table.ts';

/** Names of columns that say which step a row is of, the first that is there first; case does not matter. */
const stepColumns = [
  'step',
  'global_step',
  'trainer/global_step',
  '_step',
  'iteration',
  'iter',
  'epoch',
  'epochs',
  'round',
] as const;

/** A table whose rows are points: series by their columns, and the column that is the step. */
export interface TableSeries {
  record: MetricsRecord;
  /** Undefined where rows are counted. */
  step: string | undefined;
}

/**
 * The column that says which step a row is of: the one that was named, else the first of the usual names whose cells are all
 * numbers; undefined where there is none.
 */
export function stepColumnOf({ columns, rows }: Table, named?: string): string | undefined {
  const isNumeric = (at: number) =>
    rows.every((row) => cellOf(row, at) === '' || numberInText(cellOf(row, at)) !== undefined);
  const lower = columns.map((name) => name.toLowerCase());
  for (const name of named === undefined ? stepColumns : [named.toLowerCase()]) {
    const at = lower.indexOf(name);
    if (at !== -1 && isNumeric(at)) return columns[at];
  }
  return undefined;
}

/** Whether one of the columns has a usual name of a step. */
export function hasStepName(columns: readonly string[]): boolean {
  return columns.some((name) => (stepColumns as readonly string[]).includes(name.toLowerCase()));
}

/** Every column of numbers as a series; an empty cell is no point, and a column of times says when rows were written. */
export function seriesOfTable(
  table: Table,
  file: string,
  report: (finding: Finding) => void,
  named?: string,
): TableSeries {
  const { columns, rows } = table;
  const step = stepColumnOf(table, named);
  const record: MetricsRecord = { ...noPoints(), lines: rows.length };
  const stepAt = step === undefined ? -1 : columns.indexOf(step);
  const timeAt = columns.findIndex((name, at) => isTimeName(name.toLowerCase()) && isTimes(table, at));
  const lines = linesOf(table, stepAt, timeAt, record);
  const others: string[] = [];
  const written = columns.flatMap((name, at) => {
    if (at === stepAt || at === timeAt) return [];
    const series = new WrittenSeries(name);
    let strangers = 0;
    for (const [row, cells] of rows.entries()) {
      const text = cellOf(cells, at);
      const value = text === '' ? undefined : numberInText(text);
      if (value !== undefined) series.push(row, value);
      else if (text !== '') strangers += 1;
    }
    if (strangers > 0) others.push(name);
    return series.values.length === 0 ? [] : [series];
  });
  for (const each of settleResumes(written, lines)) record.series.set(each.name, each);
  if (others.length > 0)
    report({
      code: 'wrong-shape',
      severity: 'note',
      file,
      expected: 'numbers',
      found: `columns that hold something else: ${showText(others.slice(0, 8).join(', '))}`,
      hint: 'Only numbers become curves; nothing needs to be done.',
    });
  return { record, step };
}

function linesOf(
  { rows, columns }: Table,
  stepAt: number,
  timeAt: number,
  record: MetricsRecord,
): WrittenLines {
  const lines = new WrittenLines();
  // Rows are resumed by the column that counts them.
  const clock = stepAt === -1 ? undefined : columns[stepAt];
  let last = 0;
  for (const [row, cells] of rows.entries()) {
    // A row without a step of its own, as of a last evaluation, stands with the one before.
    const step = stepAt === -1 ? row : (numberInText(cellOf(cells, stepAt)) ?? last);
    last = step;
    const time = timeAt === -1 ? undefined : timeIn(cellOf(cells, timeAt));
    if (time !== undefined) {
      record.zoneless ||= time.zoneless;
      record.firstAtUs = Math.min(time.us, record.firstAtUs ?? time.us);
      record.lastAtUs = Math.max(time.us, record.lastAtUs ?? time.us);
    }
    lines.push(clock, step, time?.us);
  }
  return lines;
}

/** Whether a column says when: "time" may as well be how many seconds it took. */
function isTimes({ rows }: Table, at: number): boolean {
  return rows.length > 0 && rows.every((row) => timeIn(cellOf(row, at)) !== undefined);
}

function timeIn(text: string): ReturnType<typeof timeOf> {
  const number = numberInText(text);
  return timeOf(number ?? text);
}
