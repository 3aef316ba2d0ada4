import { renameSync } from 'node:fs';
import { removeQuietly } from '../../base/atomic-file.ts';
import { jsonText } from '../../base/json/text.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { writeTextFile } from '../text-file.ts';
import { csvLine } from './csv.ts';
import { QueryDatabase } from './database.ts';
import { fillViews } from './fill.ts';
import type { FillOptions } from './fill-options.ts';
import { plainValue } from './query.ts';
import { columnsOf, type ViewName } from './views.ts';

/** How records are written. */
export type ExportFormat = 'parquet' | 'csv' | 'jsonl';

/** What is exported, and where to. */
export interface ExportOptions extends FillOptions {
  view: ViewName;
  format: ExportFormat;
  /** A file, put in place whole; without one the text is handed to `write`. */
  path?: string | undefined;
  write(text: string): void;
  /** Leaves cells of CSV as they are that a spreadsheet would take for formulas. */
  plain: boolean;
}

/** Writes all records of a view, oldest first, and says how many there are. */
export async function exportView(options: ExportOptions): Promise<number> {
  const { path, view } = options;
  const database = await QueryDatabase.open();
  try {
    await fillViews(database, [view], options);
    if (options.format === 'parquet') return await writeParquet(database, view, path!);
    if (path === undefined) return await writeText(database, options);
    return await writeTextFile(path, (write) => writeText(database, { ...options, write }));
  } finally {
    database.close();
  }
}

async function writeParquet({ connection }: QueryDatabase, view: ViewName, path: string): Promise<number> {
  const temporary = temporaryPathFor(path);
  try {
    const to = temporary.replaceAll("'", "''");
    const copied = await connection.runAndReadAll(
      `COPY (${selectOf(view)}) TO '${to}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    renameSync(temporary, path);
    return Number(copied.getRows()[0]![0]);
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

async function writeText(
  { connection }: QueryDatabase,
  { view, format, write, plain, signal }: ExportOptions,
): Promise<number> {
  const columns = columnsOf(view);
  if (format === 'csv') write(csvLine(columns.map(([name]) => name)));
  const result = await connection.stream(selectOf(view));
  let rows = 0;
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    const lines = chunk.getRows().map((row) => {
      const cells = row.map(plainValue);
      if (format === 'csv') return csvLine(cells, { plain });
      return `${objectText(columns, cells)}\n`;
    });
    write(lines.join(''));
    rows += lines.length;
  }
}

/** What is JSON in the book stays as it is written there, with all digits of its numbers. */
function objectText(columns: ReturnType<typeof columnsOf>, cells: unknown[]): string {
  const members = columns.map(([name, kind], at) => {
    const cell = cells[at];
    return `${jsonText(name)}:${kind === 'json' && typeof cell === 'string' ? cell : jsonText(cell)}`;
  });
  return `{${members.join(',')}}`;
}

function selectOf(view: ViewName): string {
  const order = columnsOf(view).some(([name]) => name === 'time') ? ' ORDER BY "time"' : '';
  return `SELECT * FROM "${view}"${order}`;
}
