import type { JsonObject } from '../../base/json/json.ts';
import { jsonText, parseJson, parsePlainJson } from '../../base/json/text.ts';
import { bornUs, type LedgerKey, type RunOwner } from '../../formats/ledger/record.ts';
import type { LedgerSpace } from '../../formats/ledger/serialize.ts';
import { lowestFreeUid } from '../../formats/ledger/uid.ts';
import type { IndexFile } from './index-file.ts';

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
  /**
   * What the ledger itself says, byte for byte. `whole`: these rows. `behind`: these runs, though of some the journal has
   * more. `other`: something that has to be written again before anything is put into it.
   */
  text: 'whole' | 'behind' | 'other';
  /** Whose runs stand at its end. */
  last: LedgerSpace | undefined;
}

/** One run in the index. */
export interface IndexRow extends LedgerKey {
  /** JSON text of the record. */
  record: string;
  paramHash: string | undefined;
  owner: RunOwner | undefined;
}

const textStates = ['whole', 'behind', 'other'] as const;

/** What the index knows of one ledger; to be asked only while the lock of the index is held. */
export class LedgerIndex {
  readonly #lock: IndexFile;
  readonly #file: string;

  /** `file` is the ledger, relative to the book. */
  constructor(lock: IndexFile, file: string) {
    this.#lock = lock;
    this.#file = file;
  }

  readMark(): IndexMark | undefined {
    const row = this.#lock.statement('SELECT * FROM ledgers WHERE file = ?').get(this.#file);
    if (row === undefined) return undefined;
    return {
      stamp: String(row['stamp']),
      digest: String(row['digest']),
      isYoung: row['young'] === 1,
      journal: String(row['journal']),
      offset: Number(row['offset']),
      text: textStates.find((state) => state === row['text']) ?? 'other',
      last: typeof row['last'] === 'string' ? (parsePlainJson(row['last']) as LedgerSpace) : undefined,
    };
  }

  writeMark({ stamp, digest, isYoung, journal, offset, text, last }: IndexMark): void {
    this.#lock
      .statement('INSERT OR REPLACE INTO ledgers VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        this.#file,
        stamp,
        digest,
        isYoung ? 1 : 0,
        journal,
        offset,
        text,
        last === undefined ? null : jsonText(last),
      );
  }

  /**
   * Makes the rows those given, in that order. Rows that are the same already are not written again: a large ledger in
   * which someone changed a run costs what reading it costs.
   */
  replaceRows(rows: readonly IndexRow[]): void {
    this.#lock.statement('DELETE FROM spaces WHERE file = ?').run(this.#file);
    let same = 0;
    let from: unknown;
    const changed: IndexRow[] = [];
    const all = this.#lock.statement('SELECT * FROM runs WHERE file = ? ORDER BY place');
    for (const known of all.iterate(this.#file)) {
      const row = rows[same];
      from = known['place'];
      if (row === undefined || !isKeyOf(known, row)) break;
      if (!isRowOf(known, row)) changed.push(row);
      same += 1;
      from = undefined;
    }
    if (from !== undefined)
      this.#lock.statement('DELETE FROM runs WHERE file = ? AND place >= ?').run(this.#file, Number(from));
    for (const row of changed) this.put(row);
    for (const row of rows.slice(same)) this.put(row);
  }

  find({ identifier, relpath, uid }: LedgerKey): IndexRow | undefined {
    const sql = 'SELECT * FROM runs WHERE file = ? AND identifier = ? AND relpath = ? AND uid = ?';
    const row = this.#lock.statement(sql).get(this.#file, identifier, relpath, uid);
    return row === undefined ? undefined : rowOf(row);
  }

  /** The first run of a space with this hash, in the order of the ledger. */
  findHash(identifier: string, relpath: string, hash: string): IndexRow | undefined {
    const sql =
      'SELECT * FROM runs WHERE file = ? AND identifier = ? AND relpath = ? AND hash = ? ORDER BY place LIMIT 1';
    const row = this.#lock.statement(sql).get(this.#file, identifier, relpath, hash);
    return row === undefined ? undefined : rowOf(row);
  }

  /** The run of a space that was allocated at this instant, wherever it is. */
  findBorn(identifier: string, relpath: string, born: number): IndexRow | undefined {
    const sql = 'SELECT * FROM runs WHERE file = ? AND identifier = ? AND relpath = ? ORDER BY place';
    for (const row of this.#lock.statement(sql).all(this.#file, identifier, relpath)) {
      const found = rowOf(row);
      if (bornUs(parseJson(found.record) as JsonObject) === born) return found;
    }
    return undefined;
  }

  put({ identifier, relpath, uid, record, paramHash, owner }: IndexRow): void {
    const sql = `INSERT INTO runs (file, identifier, relpath, uid, hash, record, owner) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (file, identifier, relpath, uid)
      DO UPDATE SET hash = excluded.hash, record = excluded.record, owner = excluded.owner`;
    this.#lock
      .statement(sql)
      .run(this.#file, identifier, relpath, uid, paramHash ?? null, record, ownerText(owner));
  }

  /** All runs of a ledger in its order. */
  *rows(): Generator<IndexRow> {
    for (const row of this.#lock
      .statement('SELECT * FROM runs WHERE file = ? ORDER BY place')
      .iterate(this.#file))
      yield rowOf(row);
  }

  owners(): IndexRow[] {
    return this.#lock
      .statement('SELECT * FROM runs WHERE file = ? AND owner IS NOT NULL ORDER BY place')
      .all(this.#file)
      .map(rowOf);
  }

  /**
   * The uid of the lowest number that is free, and that its caller has not given out before; all below it are remembered as
   * taken, so that this costs the same always.
   */
  nextUid({ identifier, relpath }: LedgerSpace, width: number, isGiven: (uid: string) => boolean): string {
    const space = [this.#file, identifier, relpath, width] as const;
    const sql = 'SELECT next FROM spaces WHERE file = ? AND identifier = ? AND relpath = ? AND width = ?';
    const from = this.#lock.statement(sql).get(...space)?.['next'];
    const isTaken = from === undefined ? this.#takenIn(identifier, relpath) : this.#asks(identifier, relpath);
    const isUsed = (uid: string) => isTaken(uid) || isGiven(uid);
    const { uid, number } = lowestFreeUid(isUsed, width, Number(from ?? 0));
    this.#lock.statement('INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?, ?)').run(...space, number);
    return uid;
  }

  #asks(identifier: string, relpath: string): (uid: string) => boolean {
    return (uid) => this.find({ identifier, relpath, uid }) !== undefined;
  }

  /** The same for a space of which nothing is remembered: all its uids at once. */
  #takenIn(identifier: string, relpath: string): (uid: string) => boolean {
    const sql = 'SELECT uid FROM runs WHERE file = ? AND identifier = ? AND relpath = ?';
    const rows = this.#lock.statement(sql).all(this.#file, identifier, relpath);
    const uids = new Set(rows.map((row) => row['uid']));
    return (uid) => uids.has(uid);
  }
}

function isKeyOf(known: Record<string, unknown>, { identifier, relpath, uid }: LedgerKey): boolean {
  return known['identifier'] === identifier && known['relpath'] === relpath && known['uid'] === uid;
}

function isRowOf(known: Record<string, unknown>, { record, paramHash, owner }: IndexRow): boolean {
  return (
    known['record'] === record && known['hash'] === (paramHash ?? null) && known['owner'] === ownerText(owner)
  );
}

function ownerText(owner: RunOwner | undefined): string | null {
  return owner === undefined ? null : jsonText(owner);
}

function rowOf(row: Record<string, unknown>): IndexRow {
  const owner = row['owner'];
  return {
    identifier: String(row['identifier']),
    relpath: String(row['relpath']),
    uid: String(row['uid']),
    record: String(row['record']),
    paramHash: typeof row['hash'] === 'string' ? row['hash'] : undefined,
    owner: typeof owner === 'string' ? (parsePlainJson(owner) as RunOwner) : undefined,
  };
}
