import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { removeQuietly } from '../../base/atomic-file.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';
import { makeCacheFolder } from '../cache-folder.ts';
import { cacheFolder } from '../layout.ts';
import { openDatabase, troubleOf } from '../ledger/sqlite.ts';
import { type Block, type Column, type ColumnName, columnNames, columnOf } from './columns.ts';
import type { KeptFindings, LogState } from './state.ts';

/*
 * .daybook/cache/log.db: what reading the log came to. It is written in one transaction, so that a process that is killed
 * leaves what was there before, and by one process at a time: whoever finds it taken goes on without. It may be deleted or
 * damaged at any time.
 */

const formatVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS columns (place INTEGER PRIMARY KEY, data BLOB NOT NULL);`;

/** What is kept, open for reading as it was at one moment. */
export class KeptLog {
  readonly stamp: string;
  readonly state: LogState;
  readonly #database: DatabaseSync;
  #get: StatementSync | undefined;

  private constructor(database: DatabaseSync, stamp: string, state: LogState) {
    this.#database = database;
    this.stamp = stamp;
    this.state = state;
  }

  /** Opens what this build of Daybook kept; undefined where there is nothing of it that can be read. */
  static open(root: string, build: string): KeptLog | undefined {
    const path = databasePath(root);
    if (!existsSync(path)) return undefined;
    let database: DatabaseSync | undefined;
    try {
      database = openDatabase(path, { readOnly: true });
      database.exec('BEGIN');
      const stamp = textOf(database, 'stamp');
      const state = textOf(database, 'state');
      if (stamp?.startsWith(`${formatVersion} ${build} `) && state !== undefined)
        return new KeptLog(database, stamp, parsePlainJson(state) as unknown as LogState);
    } catch (error) {
      if (troubleOf(error) === 'damaged') discard(path);
    }
    closeQuietly(database);
    return undefined;
  }

  findings(): KeptFindings {
    return parsePlainJson(textOf(this.#database, 'findings') ?? '') as unknown as KeptFindings;
  }

  /** @throws where it is not there, or not whole. */
  column<Name extends ColumnName>(block: number, name: Name): Column<Name> {
    this.#get ??= this.#database.prepare('SELECT data FROM columns WHERE place = ?');
    const data = this.#get.get(placeOf(block, name))?.['data'];
    const column =
      data instanceof Uint8Array ? columnOf(name, data, this.state.blocks[block]!.count) : undefined;
    if (column === undefined) throw new Error(`the column ${name} of block ${block} is not whole`);
    return column;
  }

  close(): void {
    closeQuietly(this.#database);
  }
}

/** What is to be kept, and instead of what. */
export interface NewLog {
  build: string;
  /** What it was made from; undefined where it was read anew. */
  from: string | undefined;
  state: LogState;
  findings: KeptFindings;
  blocks: ReadonlyMap<number, Block>;
}

/** Keeps what a reading came to. Nothing where something is in the way: no space, a read-only book, another process. */
export function keepLog(root: string, { build, from, state, findings, blocks }: NewLog): void {
  const path = databasePath(root);
  let database: DatabaseSync | undefined;
  try {
    makeCacheFolder(root);
    // The names of types are as private as the log may be.
    if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
    database = openDatabase(path);
    // A column takes a few pages.
    database.exec('PRAGMA page_size = 16384; BEGIN IMMEDIATE');
    database.exec(schema);
    if (from === undefined) database.exec('DELETE FROM parts; DELETE FROM columns;');
    else if (textOf(database, 'stamp') !== from) throw new Error('another process was quicker');
    const put = database.prepare('INSERT OR REPLACE INTO columns VALUES (?, ?)');
    for (const [number, block] of blocks) {
      for (const name of columnNames) {
        const { buffer, byteOffset, byteLength } = block.column(name);
        put.run(placeOf(number, name), new Uint8Array(buffer, byteOffset, byteLength));
      }
    }
    const part = database.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?)');
    part.run('state', jsonText(state));
    part.run('findings', jsonText(findings));
    part.run('stamp', `${formatVersion} ${build} ${process.pid} ${Date.now()} ${Math.random()}`);
    database.exec('COMMIT');
  } catch (error) {
    // What is not kept is read again; closing takes back what was not finished.
    if (troubleOf(error) === 'damaged') discard(path);
  }
  closeQuietly(database);
}

/** Where it is kept. */
export function databasePath(root: string): string {
  return join(cacheFolder(root), 'cache', 'log.db');
}

function placeOf(block: number, name: ColumnName): number {
  return block * 32 + columnNames.indexOf(name);
}

function textOf(database: DatabaseSync, name: string): string | undefined {
  const text = database.prepare('SELECT text FROM parts WHERE name = ?').get(name)?.['text'];
  return typeof text === 'string' ? text : undefined;
}

/** SQLite refuses to go on writing a file that has lost its name, so that nobody's half of a change ends up in a new one. */
function discard(path: string): void {
  removeQuietly(`${path}-journal`);
  removeQuietly(path);
}

function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // A damaged file may refuse; it is let go of all the same.
  }
}
