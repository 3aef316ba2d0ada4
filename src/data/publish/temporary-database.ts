import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isAlive } from '../book/alive.ts';

/** A database that lives as long as it is needed. */
export interface TemporaryDatabase {
  connection: DuckDBConnection;
  /** Closes and deletes it. */
  close(): void;
}

type DuckDB = typeof import('@duckdb/node-api');

/** Not a literal, so that no bundler follows it into native code. */
const packageName: string = ['@duckdb', 'node-api'].join('/');

let opened = 0;

/** Opens a temporary database below `folder`; memory is bounded because what does not fit is spilled to the same folder. */
export async function openDatabase(folder: string): Promise<TemporaryDatabase> {
  const duckdb = (await import(/* @vite-ignore */ packageName)) as DuckDB;
  removeLeft(folder);
  opened += 1;
  const place = join(folder, `table-${process.pid}-${Date.now()}-${opened}`);
  mkdirSync(place, { recursive: true });
  const instance = await duckdb.DuckDBInstance.create(join(place, 'rows.duckdb'), {
    memory_limit: '300MB',
    temp_directory: join(place, 'spill'),
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(place, { recursive: true, force: true });
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
