import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { makeWorkFolder } from '../../../../base/work-folder.ts';
import type { SourceFiles } from '../../../../runs/evidence.ts';
import { openDatabase } from '../../../ledger/sqlite.ts';
import { refuseObstacle, sizeOfRecorded } from '../../../recorded-file.ts';

/** What SQLite keeps beside a database that somebody writes. */
const besideDatabase = ['-wal', '-journal'] as const;

/** The files of a database of the book. */
export function databaseFiles(root: string, path: string): SourceFiles {
  const beside = besideDatabase.map((ending) => path + ending).filter((each) => existsSync(join(root, each)));
  return { read: [path, ...beside], sized: [] };
}

/**
 * Lets `read` read a database of someone else without a trace: as it is where nobody writes it, for then neither locks nor files
 * beside it are needed; else as a copy, with what has not been taken into it yet. @throws what SQLite says.
 */
export function withDatabase<Result>(path: string, read: (database: DatabaseSync) => Result): Result {
  refuseObstacle(path, 'unreadable');
  if (!besideDatabase.some((ending) => sizeOfRecorded(path + ending) > 0)) {
    const address = pathToFileURL(path);
    address.search = '?mode=ro&immutable=1';
    return closing(openDatabase(address, { readOnly: true }), read);
  }
  const folder = makeWorkFolder('database');
  try {
    const copy = join(folder, basename(path));
    for (const ending of ['', ...besideDatabase])
      if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending);
    return closing(openDatabase(copy), read);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The columns of each table of a database, by the names of the tables. */
export function tablesOf(database: DatabaseSync): Map<string, Set<string>> {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return new Map(
    tables.map(({ name }) => {
      const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(name as string);
      return [String(name), new Set(columns.map((column) => String(column['name'])))];
    }),
  );
}

function closing<Result>(database: DatabaseSync, read: (database: DatabaseSync) => Result): Result {
  try {
    return read(database);
  } finally {
    database.close();
  }
}
