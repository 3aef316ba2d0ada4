import type { RunRecord, Scalar } from '../../../collector/runs/record.ts';
import { jsonText } from '../browser.ts';
import { writeParquet } from '../publish/parquet.ts';
import { openDatabase, quotedName } from '../publish/temporary-database.ts';
import type { IndexedColumn, RunTableFile } from './index.ts';
import type { RunColumn } from './types.ts';

/** Columns that every table of runs has; the rest is one column for each parameter and metric. */
const fixed: readonly (readonly [name: string, type: string, of: (run: RunRecord) => unknown])[] = [
  ['slug', 'VARCHAR', (run) => run.slug],
  ['key', 'VARCHAR', (run) => run.key],
  ['name', 'VARCHAR', (run) => run.name],
  ['identifier', 'VARCHAR', (run) => run.identifier],
  ['place', 'VARCHAR', (run) => run.place],
  ['status', 'VARCHAR', (run) => run.status],
  ['status_word', 'VARCHAR', (run) => run.statusWord],
  ['time_us', 'DOUBLE', (run) => run.atUs ?? null],
  ['started_us', 'DOUBLE', (run) => run.startedAtUs ?? null],
  ['ended_us', 'DOUBLE', (run) => run.endedAtUs ?? null],
  ['duration_ms', 'DOUBLE', (run) => run.durationMs ?? null],
  ['tags', 'VARCHAR', (run) => (run.tags.length === 0 ? null : jsonText(run.tags))],
  ['error', 'VARCHAR', (run) => run.error?.slice(0, maxTextChars) ?? null],
  ['description', 'VARCHAR', (run) => run.description?.slice(0, maxTextChars) ?? null],
  ['artifacts', 'INTEGER', (run) => run.artifacts.length],
  ['series', 'INTEGER', (run) => run.series.length],
  ['has_receipt', 'BOOLEAN', (run) => run.receipt !== undefined],
];

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
  place: { folder: string; work: string },
  runs: RunRecord[],
  columns: RunColumn[],
): Promise<{ columns: IndexedColumn[]; files: RunTableFile[] }> {
  const indexed = namedColumns(columns);
  if (runs.length === 0) return { columns: indexed, files: [] };
  const database = await openDatabase(place.work);
  try {
    await fill(database, runs, indexed);
    const rows = rowsPerFile(fixed.length + indexed.length);
    const list = [...timeColumns(), ...indexed.map(({ column }) => quotedName(column))].join(', ');
    const files: RunTableFile[] = [];
    for (let start = 0; start < runs.length; start += rows) {
      const end = Math.min(start + rows, runs.length);
      const name = `table-${String(files.length).padStart(4, '0')}`;
      const select = `SELECT ${list} FROM runs WHERE rowid >= ${start} AND rowid < ${end} ORDER BY rowid`;
      const file = await writeParquet(
        database.connection,
        { folder: place.folder, prefix: 'runs/', name },
        select,
        groupRows,
      );
      files.push({ ...file, rows: end - start });
    }
    return { columns: indexed, files };
  } finally {
    database.close();
  }
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

async function fill(
  database: Awaited<ReturnType<typeof openDatabase>>,
  runs: RunRecord[],
  columns: IndexedColumn[],
): Promise<void> {
  const append = await database.appender('runs', [
    ...fixed.map(([name, type]) => [name, type] as const),
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
  return fixed.map(([name]) =>
    name.endsWith('_us') ? `make_timestamp(${name}::BIGINT) AS ${name.slice(0, -3)}` : name,
  );
}

function rowsPerFile(columns: number): number {
  return Math.max(1000, Math.min(maxRows, Math.floor(maxCells / columns)));
}
