import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { isAlive } from '../book/alive.ts';

/** A table that takes values column by column and passes them on in chunks; say `added` after each row. */
export interface TableAppender {
  waiting(): unknown[][];
  added(): void;
  close(): void;
}

/** A database that lives as long as it is needed. */
export interface TemporaryDatabase {
  connection: DuckDBConnection;
  /** Makes a table where there is none, and its appender. Names of columns may be any text; types are those of DuckDB, or "VARCHAR[]". */
  appender(
    table: string,
    columns: readonly (readonly [name: string, type: string])[],
  ): Promise<TableAppender>;
  /** Closes and deletes it. */
  close(): void;
}

type DuckDB = typeof import('@duckdb/node-api');

const chunkRows = 2048;

/** Not a literal, so that no bundler follows it into native code. */
const packageName: string = ['@duckdb', 'node-api'].join('/');

let opened = 0;

/**
 * Opens a temporary database below `folder`. Rows go in as data chunks, the fastest way measured and one that DuckDB
 * cannot misread; memory is bounded because what does not fit is spilled to the same folder.
 */
export async function openDatabase(folder: string): Promise<TemporaryDatabase> {
  const duckdb = (await import(/* @vite-ignore */ packageName)) as DuckDB;
  removeLeft(folder);
  opened += 1;
  const place = join(folder, `table-${process.pid}-${Date.now()}-${opened}`);
  mkdirSync(place, { recursive: true });
  return openAt(duckdb, join(place, 'rows.duckdb'), join(place, 'spill'), () =>
    rmSync(place, { recursive: true, force: true }),
  );
}

/** Opens a temporary database that stands in memory, for few rows at a time; what it cannot hold is spilled below `folder`. */
export async function openInMemory(folder: string): Promise<TemporaryDatabase> {
  const duckdb = (await import(/* @vite-ignore */ packageName)) as DuckDB;
  removeLeft(folder);
  opened += 1;
  const place = join(folder, `table-${process.pid}-${Date.now()}-${opened}`);
  return openAt(duckdb, ':memory:', place, () => rmSync(place, { recursive: true, force: true }));
}

async function openAt(
  duckdb: DuckDB,
  path: string,
  spill: string,
  onClosed: () => void,
): Promise<TemporaryDatabase> {
  const instance = await duckdb.DuckDBInstance.create(path, {
    memory_limit: '300MB',
    temp_directory: spill,
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    appender: (table, columns) => appender(duckdb, connection, table, columns),
    close() {
      connection.closeSync();
      instance.closeSync();
      onClosed();
    },
  };
}

/** What builds left that were killed while they filled a table; it may be gigabytes. */
function removeLeft(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = /^table-(\d+)-\d+-\d+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A name as SQL takes it, whatever it holds. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function appender(
  duckdb: DuckDB,
  connection: DuckDBConnection,
  table: string,
  columns: readonly (readonly [string, string])[],
): Promise<TableAppender> {
  const list = columns.map(([name, type]) => `${quotedName(name)} ${type}`).join(', ');
  await connection.run(`CREATE TABLE IF NOT EXISTS ${quotedName(table)} (${list})`);
  const native = await connection.createAppender(table);
  const chunk = duckdb.DuckDBDataChunk.create(columns.map(([, type]) => typeOf(duckdb, type)));
  let waiting: unknown[][] = columns.map(() => []);
  const flush = () => {
    if (waiting[0]!.length === 0) return;
    chunk.reset();
    chunk.setColumns(waiting as never);
    native.appendDataChunk(chunk);
    waiting = columns.map(() => []);
  };
  return {
    waiting: () => waiting,
    added() {
      if (waiting[0]!.length === chunkRows) flush();
    },
    close() {
      flush();
      native.closeSync();
    },
  };
}

function typeOf(duckdb: DuckDB, type: string): DuckDBType {
  const types = duckdb as unknown as Record<string, DuckDBType>;
  return type === 'VARCHAR[]' ? duckdb.LIST(duckdb.VARCHAR) : types[type]!;
}
