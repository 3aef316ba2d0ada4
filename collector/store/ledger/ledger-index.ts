import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError, messageOf, systemCodeOf } from '../../base/errors.ts';
import type { LedgerKey, RunOwner } from '../../formats/ledger-record.ts';
import { lowestFreeUid } from '../../formats/ledger-uid.ts';
import { cacheFolder } from '../layout.ts';
import { openDatabase, troubleOf } from './sqlite.ts';

/** What the index knows of a ledger's files: when they still look like this, its rows are what they say. */
export interface IndexMark {
  /** Of the ledger: size, time and inode; "none" where there is none. */
  stamp: string;
  digest: string;
  /** The file was so young that a change within the same tick of the clock could go unseen: compare its digest. */
  isYoung: boolean;
  /** Which journal, and up to which byte. */
  journal: string;
  offset: number;
}

/** One run in the index. */
export interface IndexRow extends LedgerKey {
  /** JSON text of the record. */
  record: string;
  paramHash: string | undefined;
  owner: RunOwner | undefined;
}

const schemaVersion = 1;
/** A file that is removed again and again is made anew as often; one that never works is somebody's to mend. */
const mostFailures = 100;

const schema = `
  CREATE TABLE ledgers (file TEXT PRIMARY KEY, stamp TEXT, digest TEXT, young INTEGER, journal TEXT, offset INTEGER);
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
 * journal do not: it may be deleted or damaged at any time and is made anew. Its lock is the system's: it ends with the
 * process that holds it, never by time.
 */
export class LedgerIndex {
  readonly path: string;
  #database: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();
  #inodes = '';
  #failures = 0;

  constructor(root: string) {
    this.path = join(cacheFolder(root), 'ledger.db');
  }

  /** Takes the lock, waiting for whoever has it as long as that lasts; `onWait` hears of it every two seconds. */
  async begin(onWait: (waitedMs: number) => void, mostWaitMs = Number.POSITIVE_INFINITY): Promise<void> {
    const started = Date.now();
    let told = started;
    this.#failures = 0;
    for (let tries = 0; ; tries++) {
      if (this.#tryBegin()) return;
      // Jitter serves all waiters alike; a fixed step lets some starve.
      await sleep(Math.random() * Math.min(1 + tries / 8, 4));
      if (Date.now() - started > mostWaitMs) throw heldByOther(this.path, mostWaitMs);
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
      // Someone removed the file meanwhile: a lock on what has no name keeps nobody apart.
      this.close();
      return false;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'busy') return false;
      this.close();
      this.#failures += 1;
      const mayPass = trouble !== 'other' || systemCodeOf(error) === 'ENOENT';
      if (!mayPass || this.#failures > mostFailures) throw unusable(this.path, error);
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

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database!.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  readMark(file: string): IndexMark | undefined {
    const row = this.#statement('SELECT * FROM ledgers WHERE file = ?').get(file);
    if (row === undefined) return undefined;
    return {
      stamp: String(row['stamp']),
      digest: String(row['digest']),
      isYoung: row['young'] === 1,
      journal: String(row['journal']),
      offset: Number(row['offset']),
    };
  }

  writeMark(file: string, { stamp, digest, isYoung, journal, offset }: IndexMark): void {
    this.#statement('INSERT OR REPLACE INTO ledgers VALUES (?, ?, ?, ?, ?, ?)').run(
      file,
      stamp,
      digest,
      isYoung ? 1 : 0,
      journal,
      offset,
    );
  }

  /** Forgets all rows of a ledger. */
  clear(file: string): void {
    for (const table of ['runs', 'spaces', 'ledgers'])
      this.#statement(`DELETE FROM ${table} WHERE file = ?`).run(file);
  }

  find(file: string, { identifier, relpath, uid }: LedgerKey): IndexRow | undefined {
    const sql = 'SELECT * FROM runs WHERE file = ? AND identifier = ? AND relpath = ? AND uid = ?';
    const row = this.#statement(sql).get(file, identifier, relpath, uid);
    return row === undefined ? undefined : rowOf(row);
  }

  /** The first run of a space with this hash, in the order of the ledger. */
  findHash(file: string, identifier: string, relpath: string, hash: string): IndexRow | undefined {
    const sql =
      'SELECT * FROM runs WHERE file = ? AND identifier = ? AND relpath = ? AND hash = ? ORDER BY place LIMIT 1';
    const row = this.#statement(sql).get(file, identifier, relpath, hash);
    return row === undefined ? undefined : rowOf(row);
  }

  put(file: string, { identifier, relpath, uid, record, paramHash, owner }: IndexRow): void {
    const sql = `INSERT INTO runs (file, identifier, relpath, uid, hash, record, owner) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (file, identifier, relpath, uid)
      DO UPDATE SET hash = excluded.hash, record = excluded.record, owner = excluded.owner`;
    const ownerText = owner === undefined ? null : JSON.stringify(owner);
    this.#statement(sql).run(file, identifier, relpath, uid, paramHash ?? null, record, ownerText);
  }

  /** All runs of a ledger in its order. */
  *rows(file: string): Generator<IndexRow> {
    for (const row of this.#statement('SELECT * FROM runs WHERE file = ? ORDER BY place').iterate(file))
      yield rowOf(row);
  }

  owners(file: string): IndexRow[] {
    return this.#statement('SELECT * FROM runs WHERE file = ? AND owner IS NOT NULL ORDER BY place')
      .all(file)
      .map(rowOf);
  }

  /** The uid of the lowest number that is free; all below it are remembered as taken, so that this costs the same always. */
  nextUid(file: string, identifier: string, relpath: string, width: number): string {
    const space = [file, identifier, relpath, width] as const;
    const sql = 'SELECT next FROM spaces WHERE file = ? AND identifier = ? AND relpath = ? AND width = ?';
    const from = Number(this.#statement(sql).get(...space)?.['next'] ?? 0);
    const isTaken = (uid: string) => this.#has(file, identifier, relpath, uid);
    const { uid, number } = lowestFreeUid(isTaken, width, from);
    this.#statement('INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?, ?)').run(...space, number);
    return uid;
  }

  #has(file: string, identifier: string, relpath: string, uid: string): boolean {
    const sql = 'SELECT 1 FROM runs WHERE file = ? AND identifier = ? AND relpath = ? AND uid = ?';
    return this.#statement(sql).get(file, identifier, relpath, uid) !== undefined;
  }
}

/** What can be made anew stays out of git, also where nobody has set up the book. */
function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) === undefined) return;
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // Someone was quicker.
  }
}

function rowOf(row: Record<string, unknown>): IndexRow {
  const owner = row['owner'];
  return {
    identifier: String(row['identifier']),
    relpath: String(row['relpath']),
    uid: String(row['uid']),
    record: String(row['record']),
    paramHash: typeof row['hash'] === 'string' ? row['hash'] : undefined,
    owner: typeof owner === 'string' ? (JSON.parse(owner) as RunOwner) : undefined,
  };
}

/** In WAL mode the locks are in the -shm file: both must be the ones others find. A file that was emptied is none. */
function inodesOf(path: string): string {
  const inode = (name: string) => statSync(name, { throwIfNoEntry: false, bigint: true })?.ino ?? 'none';
  return isEmpty(path) ? 'empty' : `${inode(path)} ${inode(`${path}-shm`)}`;
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
