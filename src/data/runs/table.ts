import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { jsonText, type RunField, runFields, wholeValue } from '../browser.ts';
import type { ColumnKind, ColumnValues } from '../publish/parquet-file/columns.ts';
import { ParquetFile } from '../publish/parquet-file/file.ts';
import { writeTwin } from '../publish/twin.ts';
import type { IndexedColumn, RunTableFile } from './index.ts';
import type { RunColumn } from './types.ts';

/** How the types that databases see are written. */
const kinds = {
  VARCHAR: 'text',
  DOUBLE: 'double',
  INTEGER: 'int',
  TIMESTAMP: 'time',
  BOOLEAN: 'flag',
} satisfies Record<string, ColumnKind>;

type Cell = string | number | boolean | null;
type TableColumn = readonly [
  name: string,
  type: keyof typeof kinds,
  of: (run: RunRecord) => Cell,
  /** Where its values stand: runs without any there have none in this column. */
  within?: 'params' | 'metrics',
];

/** What the pages need to know a run by, before its fields. */
const known: readonly TableColumn[] = [
  ['slug', 'VARCHAR', (run) => run.slug],
  ['place', 'VARCHAR', (run) => run.place],
  ['status_word', 'VARCHAR', (run) => run.statusWord],
  ['time', 'TIMESTAMP', (run) => run.atUs ?? null],
  ['has_receipt', 'BOOLEAN', (run) => run.receipt !== undefined],
];

const fieldTypes = {
  text: 'VARCHAR',
  number: 'DOUBLE',
  time: 'TIMESTAMP',
  duration: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const;

/** Columns that every table of runs has; the rest is one column for each parameter and metric. */
const fixed: readonly TableColumn[] = [
  ...known,
  ...runFields.flatMap((field): TableColumn[] =>
    field.column === undefined
      ? []
      : [[field.column.name, columnType(field), (run) => fieldCell(wholeValue(field, run))]],
  ),
];

/** The type of a field's column in the data files. */
export function columnType({ column, type }: RunField): keyof typeof kinds {
  return column?.type ?? fieldTypes[type];
}

/** A list is written as JSON, and an empty one not at all. */
function fieldCell(value: ReturnType<typeof wholeValue>): Cell {
  if (Array.isArray(value)) return value.length === 0 ? null : jsonText(value);
  return typeof value === 'string' ? value.slice(0, maxFieldChars) : ((value as Cell | undefined) ?? null);
}

/** The longest path there is: keys are whole. */
const maxFieldChars = 4096;
const maxTextChars = 2000;
const maxRows = 50_000;
/** A file of so many cells still fits a page that was opened from disk, which takes it whole. */
const maxCells = 6_000_000;
/** Packing harder takes twice as long and saves a hundredth. */
const gzipLevel = 4;
const typeNames = { number: 'DOUBLE', boolean: 'BOOLEAN', text: 'VARCHAR', mixed: 'VARCHAR' } as const;

/**
 * Writes table-NNNN.parquet: one row for each run in the order given, fixed columns first, then "param.<name>" and
 * "metric.<name>". Names that differ in case only, which databases take for one, get a number. A file's name ends with a
 * checksum of its content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export function publishRunTable(
  folder: string,
  runs: RunRecord[],
  columns: RunColumn[],
): { columns: IndexedColumn[]; files: RunTableFile[] } {
  const indexed = namedColumns(columns);
  const all = [...fixed, ...indexed.map(recordedColumn)];
  const files: RunTableFile[] = [];
  const rows = rowsPerFile(all.length);
  for (let start = 0; start < runs.length; start += rows) {
    const some = runs.slice(start, start + rows);
    const bytes = tableOf(some, all);
    const sum = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
    const name = `table-${String(files.length).padStart(4, '0')}-${sum}`;
    writeFileSync(join(folder, `${name}.parquet`), bytes);
    writeTwin(folder, 'runs/', name, bytes);
    files.push({ file: `${name}.parquet`, bytes: bytes.length, rows: some.length });
  }
  return { columns: indexed, files };
}

/** The columns with names that no database takes for the same. */
export function namedColumns(columns: RunColumn[]): IndexedColumn[] {
  const taken = new Set<string>(fixed.map(([name]) => name));
  return columns.map((column) => {
    const plain =
      `${column.kind}.${column.name.replace(/[\u0000-\u001f\u007f]/g, '_').slice(0, 200)}`.toWellFormed();
    let name = plain;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${plain}~${number}`;
    taken.add(name.toLowerCase());
    return { ...column, column: name };
  });
}

/** The column of a parameter or metric. */
function recordedColumn({ column, kind, name, type }: IndexedColumn): TableColumn {
  const within = kind === 'param' ? 'params' : 'metrics';
  const isText = type === 'text' || type === 'mixed';
  const of = ({ [within]: record }: RunRecord) => {
    const value = Object.hasOwn(record, name) ? (record[name] ?? null) : null;
    return isText && value !== null ? String(value).slice(0, maxTextChars) : value;
  };
  return [column, typeNames[type], of, within];
}

function tableOf(runs: readonly RunRecord[], columns: readonly TableColumn[]): Buffer {
  const file = new ParquetFile(
    columns.map(([name, type]) => ({ name, kind: kinds[type] })),
    gzipLevel,
    'runs',
  );
  file.addGroup(columnValues(runs, columns));
  return file.finish();
}

/** One column after the other, so that a table of many columns need not stand in memory. */
function* columnValues(runs: readonly RunRecord[], columns: readonly TableColumn[]): Generator<ColumnValues> {
  const rows = [...runs.keys()];
  const rowsWith = {
    params: rows.filter((row) => Object.keys(runs[row]!.params).length > 0),
    metrics: rows.filter((row) => Object.keys(runs[row]!.metrics).length > 0),
  };
  for (const [, type, of, within] of columns) {
    // Halves of characters UTF-8 has not; times are whole microseconds.
    const written = (value: Cell) => {
      if (typeof value === 'string') return value.toWellFormed();
      return type === 'TIMESTAMP' && value !== null ? Math.round(value as number) : value;
    };
    const values = new Array<Cell>(runs.length).fill(null);
    for (const row of within === undefined ? rows : rowsWith[within]) values[row] = written(of(runs[row]!));
    yield values;
  }
}

function rowsPerFile(columns: number): number {
  return Math.max(1000, Math.min(maxRows, Math.floor(maxCells / columns)));
}
