import type { RunRecord, Scalar } from '../../../collector/runs/record.ts';
import { jsonText, type RunField, runFields, wholeValue } from '../browser.ts';
import { writeParquet } from '../publish/parquet.ts';
import { quotedName, type TemporaryDatabase } from '../publish/temporary-database.ts';
import type { IndexedColumn, RunTableFile } from './index.ts';
import type { RunColumn } from './types.ts';

type FixedColumn = readonly [name: string, type: string, of: (run: RunRecord) => unknown];

/** What the pages need to know a run by, before its fields. */
const known: readonly FixedColumn[] = [
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
const fixed: readonly FixedColumn[] = [
  ...known,
  ...runFields.flatMap((field): FixedColumn[] =>
    field.column === undefined
      ? []
      : [[field.column.name, columnType(field), (run) => fieldCell(wholeValue(field, run))]],
  ),
];

/** The type of a field's column in the data files. */
export function columnType({ column, type }: RunField): string {
  return column?.type ?? fieldTypes[type];
}

/** A list is written as JSON, and an empty one not at all. */
function fieldCell(value: ReturnType<typeof wholeValue>): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : jsonText(value);
  return typeof value === 'string' ? value.slice(0, maxFieldChars) : (value ?? null);
}

/** The longest path there is: keys are whole. */
const maxFieldChars = 4096;
const maxTextChars = 2000;
const maxRows = 50_000;
/** A file of so many cells still fits a page that was opened from disk, which takes it whole. */
const maxCells = 6_000_000;
/** A multiple of DuckDB's vectors (2,048), so that groups are exactly as large. */
const groupRows = 49_152;
const typeNames = { number: 'DOUBLE', boolean: 'BOOLEAN', text: 'VARCHAR', mixed: 'VARCHAR' } as const;

/**
 * Writes table-NNNN.parquet: one row for each run in the order given, fixed columns first, then "param.<name>" and
 * "metric.<name>". Names that differ in case only, which databases take for one, get a number.
 */
export async function publishRunTable(
  place: { folder: string; database: () => Promise<TemporaryDatabase> },
  runs: RunRecord[],
  columns: RunColumn[],
): Promise<{ columns: IndexedColumn[]; files: RunTableFile[] }> {
  const indexed = namedColumns(columns);
  const files: RunTableFile[] = [];
  const rows = rowsPerFile(fixed.length + indexed.length);
  const list = [...timeColumns(), ...indexed.map(({ column }) => quotedName(column))].join(', ');
  for (let start = 0; start < runs.length; start += rows) {
    const some = runs.slice(start, start + rows);
    const database = await place.database();
    await database.connection.run('DROP TABLE IF EXISTS runs');
    await fill(database, some, indexed);
    const name = `table-${String(files.length).padStart(4, '0')}`;
    const file = await writeParquet(
      database.connection,
      { folder: place.folder, prefix: 'runs/', name },
      `SELECT ${list} FROM runs ORDER BY rowid`,
      groupRows,
    );
    files.push({ ...file, rows: some.length });
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

async function fill(database: TemporaryDatabase, runs: RunRecord[], columns: IndexedColumn[]): Promise<void> {
  const append = await database.appender('runs', [
    ...fixed.map(([name, type]) => [name, type === 'TIMESTAMP' ? 'DOUBLE' : type] as const),
    ...columns.map(({ column, type }) => [column, typeNames[type]] as const),
  ]);
  for (const run of runs) {
    const waiting = append.waiting();
    for (const [at, [, , of]] of fixed.entries()) waiting[at]!.push(plainText(of(run)));
    for (const [at, { kind, name, type }] of columns.entries()) {
      const record: Record<string, Scalar> = kind === 'param' ? run.params : run.metrics;
      waiting[fixed.length + at]!.push(cell(Object.hasOwn(record, name) ? record[name] : null, type));
    }
    append.added();
  }
  append.close();
}

function cell(value: Scalar | undefined, type: RunColumn['type']): unknown {
  if (value === null || value === undefined) return null;
  return type === 'number' || type === 'boolean' ? value : plainText(String(value).slice(0, maxTextChars));
}

/** Halves of characters, which UTF-8 has not. */
function plainText(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Times are published as times; in the temporary table they are numbers. */
function timeColumns(): string[] {
  return fixed.map(([name, type]) => {
    const column = quotedName(name);
    return type === 'TIMESTAMP' ? `make_timestamp(${column}::BIGINT) AS ${column}` : column;
  });
}

function rowsPerFile(columns: number): number {
  return Math.max(1000, Math.min(maxRows, Math.floor(maxCells / columns)));
}
