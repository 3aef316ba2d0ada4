import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError, messageOf, systemCodeOf } from '../../base/errors.ts';
import { writeErrorOf, writeTroubleOf } from '../../base/system-error.ts';
import { cacheFolder } from '../layout.ts';
import { openDatabase, troubleOf } from './sqlite.ts';

const schemaVersion = 2;
/** A file that is removed again and again is made again as often; one that never works is somebody's to mend. */
const maxFailures = 100;

const schema = `
  CREATE TABLE ledgers (file TEXT PRIMARY KEY, stamp TEXT, digest TEXT, young INTEGER, journal TEXT, offset INTEGER, text TEXT, last TEXT);
  CREATE TABLE runs (
    place INTEGER PRIMARY KEY, file TEXT, identifier TEXT, relpath TEXT, uid TEXT, hash TEXT, record TEXT, owner TEXT
  );
  CREATE UNIQUE INDEX runs_by_key ON runs (file, identifier, relpath, uid);
  CREATE INDEX runs_by_hash ON runs (file, identifier, relpath, hash);
  CREATE TABLE spaces (
    file TEXT, identifier TEXT, relpath TEXT, width INTEGER, next INTEGER,
    PRIMARY KEY (file, identifier, relpath, width)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};`;

/**
 * The lock and index of all ledgers of a book, .daybook/ledger.db. It holds nothing that the text of a ledger and its
 * journal do not: it may be deleted or damaged at any time and is made again. Its lock is the system's: it ends with the
 * process that holds it, never by time.
 */
export class IndexFile {
  readonly path: string;
  #database: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();
  #inodes = '';
  #failures = 0;

  constructor(root: string) {
    this.path = join(cacheFolder(root), 'ledger.db');
  }

  /** Takes the lock, waiting for the one who has it as long as that lasts; `onWait` hears of it every two seconds. */
  async begin(onWait: (waitedMs: number) => void, maxWaitMs = Number.POSITIVE_INFINITY): Promise<void> {
    const started = Date.now();
    let told = started;
    this.#failures = 0;
    for (let tries = 0; ; tries++) {
      if (this.#tryBegin()) return;
      // Jitter serves all waiters alike; a fixed step lets some starve.
      await sleep(Math.random() * Math.min(1 + tries / 8, 4));
      if (Date.now() - started > maxWaitMs) throw heldByOther(this.path, maxWaitMs);
      if (Date.now() - told < 2000) continue;
      told = Date.now();
      onWait(told - started);
    }
  }

  #tryBegin(): boolean {
    try {
      const database = this.#open();
      database.exec('BEGIN IMMEDIATE');
      if (this.isInPlace()) return true;
      // Someone removed the file in the meantime: a lock on what has no name keeps nobody apart.
      this.close();
      return false;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'busy') return false;
      this.close();
      this.#failures += 1;
      const mayPass = trouble !== 'other' || systemCodeOf(error) === 'ENOENT';
      if (!mayPass || this.#failures > maxFailures) throw unusable(this.path, error);
      if (trouble === 'damaged') this.discard();
      return false;
    }
  }

  /** Whether the files that are locked are still those that others would lock. */
  isInPlace(): boolean {
    return this.#inodes === inodesOf(this.path);
  }

  commit(): void {
    this.#database?.exec('COMMIT');
  }

  rollback(): void {
    try {
      if (this.#database?.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      this.close();
    }
  }

  /** Puts the file away, whatever is in it; the next lock makes a new one. */
  discard(): void {
    this.close();
    for (const suffix of ['', '-wal', '-shm']) {
      const old = `${this.path}.${process.pid}.old`;
      try {
        renameSync(this.path + suffix, old);
        rmSync(old, { force: true });
      } catch {
        // Another process was quicker.
      }
    }
  }

  close(): void {
    this.#statements.clear();
    const database = this.#database;
    this.#database = undefined;
    try {
      database?.close();
    } catch {
      // A damaged file may refuse; it is let go of all the same.
    }
  }

  #open(): DatabaseSync {
    if (this.#database !== undefined && this.isInPlace()) return this.#database;
    this.close();
    makeFolder(dirname(this.path));
    // Emptied while others have it open: SQLite would wait for them to close it before it begins a new one.
    if (isEmpty(this.path) && existsSync(`${this.path}-wal`)) this.discard();
    const database = openDatabase(this.path);
    this.#database = database;
    // What was lost of the index when the power failed is read from the journal, which is flushed before it.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const version = () => Number(Object.values(database.prepare('PRAGMA user_version').get() ?? {})[0]);
    if (version() !== schemaVersion) {
      database.exec('BEGIN IMMEDIATE');
      try {
        if (version() !== schemaVersion) {
          for (const name of ['ledgers', 'runs', 'spaces']) database.exec(`DROP TABLE IF EXISTS ${name}`);
          database.exec(schema);
        }
      } finally {
        database.exec('COMMIT');
      }
    }
    this.#inodes = inodesOf(this.path);
    return database;
  }

  /** A prepared statement; only between `begin` and `commit` or `rollback`. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database!.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** What can be made again stays out of git, also where nobody has set up the book. */
function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) === undefined) return;
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // Someone was quicker.
  }
}

/** In WAL mode the locks are in the -shm file: both must be the ones others find. A file that was emptied is none. */
function inodesOf(path: string): string {
  const main = statSync(path, { throwIfNoEntry: false });
  if (main?.size === 0) return 'empty';
  const memory = statSync(`${path}-shm`, { throwIfNoEntry: false });
  return `${main?.ino ?? 'none'} ${memory?.ino ?? 'none'}`;
}

function isEmpty(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === 0;
}

function heldByOther(path: string, waitedMs: number): DaybookError {
  return new DaybookError(
    'unavailable',
    `Another process has held the ledgers for ${Math.round(waitedMs / 1000)} s.`,
    {
      where: path,
      hint: 'It may be stopped; the lock is free when it goes on or ends.',
    },
  );
}

function unusable(path: string, error: unknown): DaybookError {
  if (error instanceof DaybookError) return error;
  const trouble = writeTroubleOf(error, path);
  if (trouble !== undefined && trouble !== 'EIO') return writeErrorOf(path, error);
  return new DaybookError(
    'unwritable',
    `The lock and index of the ledgers cannot be used: ${messageOf(error)}.`,
    {
      where: path,
      hint: 'Check that .daybook may be written and lies on a disk of this host: SQLite needs locks that network disks lack.',
      cause: error,
    },
  );
}
