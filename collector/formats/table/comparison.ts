import type { JsonObject } from '../../base/json/json.ts';
import { numberInText } from '../metrics/number-text.ts';
import { cellOf, type Table } from './table.ts';

/** Names of a first column that names runs. */
const nameColumns: ReadonlySet<string> = new Set([
  'run',
  'run_id',
  'run_name',
  'name',
  'model',
  'model_name',
  'experiment',
  'exp',
  'method',
  'config',
  'variant',
  'trial',
  'id',
]);

/** More rows than this are data, not runs. */
const mostRows = 1000;

/** One row of a table that compares runs. */
export interface ComparedRun {
  name: string;
  /** Its cells that are numbers, and those that are not. */
  values: Record<string, number>;
  texts: JsonObject;
}

/** Whether a first column names runs, by what it is called. */
export function isNameColumn(name: string | undefined): boolean {
  return name !== undefined && nameColumns.has(name.toLowerCase());
}

/** The rows of a table that compares runs: its first column names them, each another one; undefined for any other table. */
export function comparedRuns({ columns, rows }: Table): ComparedRun[] | undefined {
  if (!isNameColumn(columns[0]) || columns.length < 2) return undefined;
  const names = rows.map((row) => cellOf(row, 0));
  const isEachAnother = names.every((name) => name !== '') && new Set(names).size === names.length;
  if (rows.length === 0 || rows.length > mostRows || !isEachAnother) return undefined;
  return rows.map((row, at) => {
    const run: ComparedRun = { name: names[at]!, values: Object.create(null), texts: {} };
    for (const [column, name] of columns.entries()) {
      const text = column === 0 ? '' : cellOf(row, column);
      const value = text === '' ? undefined : numberInText(text);
      if (value !== undefined) run.values[name] = value;
      else if (text !== '') run.texts[name] = text;
    }
    return run;
  });
}
