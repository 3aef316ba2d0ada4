import { closeSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { type JournalOperation, serializeOperation } from '../../formats/ledger-journal.ts';
import { bornUs, type LedgerKey, ledgerTime, own, type RunOwner } from '../../formats/ledger-record.ts';
import { keepNumbers, serializeLedger } from '../../formats/ledger-serialize.ts';
import { hasStatusAt, logFiles, logStatus, newRecord, type RunState } from '../../formats/ledger-state.ts';
import { uidWidth } from '../../formats/ledger-uid.ts';
import { readRecordedIfAny } from '../recorded-file.ts';
import { adoptLedger, rowOf } from './adopt-ledger.ts';
import {
  appendToJournal,
  flushAppended,
  type JournalHead,
  readJournalFrom,
  readJournalHead,
  replaceJournal,
} from './journal-file.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { type IndexMark, type IndexRow, LedgerIndex } from './ledger-index.ts';
import { isYoung, stampOf, writeLedgerText } from './ledger-text.ts';
import { takeFolderLock, takeSharedLock } from './shared-lock.ts';
import { troubleOf } from './sqlite.ts';

/** Points a writer passes; tests end it there. */
export type WriterStep =
  | 'locked'
  | 'adopted'
  | 'appended'
  | 'indexed'
  | 'ledger-written'
  | 'journal-replaced'
  | 'committed';

/** How to write a ledger. */
export interface LedgerWriterOptions {
  /** Other programs write it, too: hold the original's lock, and leave it whole after each operation. */
  shared?: boolean;
  /** Leave the ledger whole after each operation while it is small, for commands that do one thing and end. */
  keepWhole?: boolean;
  /** How long to wait for someone else; without it as long as they take. */
  mostWaitMs?: number;
  clock?: Clock;
  /** Hears what a person should know: recovered, renumbered, waiting. */
  note?: (text: string) => void;
  onStep?: (step: WriterStep) => void;
}

/** A run to allocate. */
export interface NewRun {
  identifier: string;
  relpath: string;
  status: string;
  paramHash: string | null;
  /** Most runs the original was told to expect; only how wide uids are written. */
  maxsize: number;
  by: RunOwner | undefined;
}

/** What is to be logged of a run. */
export interface RunChange {
  status?: string | undefined;
  files?: readonly (readonly [name: string, path: string])[];
  by?: RunOwner | undefined;
  /** Only a sign of life. */
  isBeat?: boolean;
}

/** A run that was found or allocated; the record only of one that was there before. */
export interface Resumed {
  key: LedgerKey;
  record: JsonObject | undefined;
  owner: RunOwner | undefined;
}

/** What an operation decided under the lock. */
interface Decision<T> {
  operation: JournalOperation | undefined;
  result: T;
}

/** Someone else wrote at the same time, because the lock was taken away: look again who was first. */
class Crowded extends DaybookError {
  constructor() {
    super('failed', 'The lock of a ledger was removed again and again while it was written.', {
      hint: 'Leave .daybook/ledger.db alone while runs are recorded.',
    });
  }
}

/** Enough for someone who removes the index all the time; a lock that never works ends the wait. */
const mostTries = 200;
const smallBytes = 2 * 1024 * 1024;
const leastFoldBytes = 128 * 1024;

/**
 * Writes one ledger. Every operation is one locked step: what others did is taken in, the operation is appended to the
 * journal and flushed, the index follows. Killed at any instant, the text holds the operation whole or not at all, and
 * the next writer makes the index follow the text.
 */
export class LedgerWriter {
  readonly files: LedgerFiles;
  readonly #options: LedgerWriterOptions;
  readonly #clock: Clock;
  readonly #index: LedgerIndex;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #unflushed: number[] = [];
  #head: JournalHead = { journal: 'none', size: 0, shared: false };

  constructor(files: LedgerFiles, options: LedgerWriterOptions = {}) {
    this.files = files;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#index = new LedgerIndex(files.root);
  }

  /** Gives out the lowest free uid and writes the run's first record. */
  allocate(run: NewRun): Promise<LedgerKey> {
    const base = this.#operation('allocate', { ...run, uid: '' });
    return this.#perform(() => this.#decideAllocate(run, base));
  }

  /** The earlier run with this hash, or a new one; both under one lock, so that two that ask at once get the same. */
  resume(run: NewRun & { paramHash: string }): Promise<Resumed> {
    const base = this.#operation('allocate', { ...run, uid: '' });
    return this.#perform<Resumed>(() => {
      const row = this.#index.findHash(this.files.file, run.identifier, run.relpath, run.paramHash);
      if (row === undefined) {
        const { operation, result } = this.#decideAllocate(run, base);
        return { operation, result: { key: result, record: undefined, owner: undefined } };
      }
      return { operation: undefined, result: { key: keyOf(row), record: recordOf(row), owner: row.owner } };
    });
  }

  /** Logs status and files of a run; undefined where there is no such run. Returns the record as it is then. */
  log(key: LedgerKey, change: RunChange): Promise<JsonObject | undefined> {
    const base = this.#operation(change.isBeat === true ? 'seen' : 'log', { ...key, by: change.by });
    return this.#perform(() => {
      const row = this.#index.find(this.files.file, key);
      if (row === undefined) return { operation: undefined, result: undefined };
      const operation: JournalOperation = {
        ...base,
        bornUs: bornUs(recordOf(row)),
        status: change.status,
        files: (change.files ?? []).map(([name, path]) => [name, path]),
      };
      return { operation, result: recordOf(this.#changed(row, operation)) };
    });
  }

  /** Takes in what others wrote and leaves the ledger whole, without a journal beside it. */
  async fold(): Promise<void> {
    if (!existsSync(this.files.path) && !existsSync(this.files.journal)) return;
    await this.#perform(() => ({ operation: undefined, result: undefined }), true);
  }

  /** Lets go of the files; the writer may be used again. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    this.#index.close();
  }

  #decideAllocate(run: NewRun, base: JournalOperation): Decision<LedgerKey> {
    const { identifier, relpath } = run;
    const uid = this.#index.nextUid(this.files.file, identifier, relpath, uidWidth(run.maxsize));
    const operation = { ...base, uid, status: run.status, paramHash: run.paramHash };
    return { operation, result: { identifier, relpath, uid } };
  }

  #operation(op: JournalOperation['op'], key: LedgerKey & { by?: RunOwner | undefined }): JournalOperation {
    const atUs = this.#clock.nowUs();
    return {
      op,
      id: process.getBuiltinModule('node:crypto').randomUUID(),
      identifier: key.identifier,
      relpath: key.relpath,
      uid: key.uid,
      atUs,
      bornUs: op === 'allocate' ? atUs : undefined,
      status: undefined,
      paramHash: undefined,
      files: [],
      by: key.by,
    };
  }

  /** One after the other within this process; the lock keeps other processes apart. */
  #perform<T>(decide: () => Decision<T>, fold = false): Promise<T> {
    const done = this.#queue.catch(() => undefined).then(() => this.#performDurably(decide, fold));
    this.#queue = done;
    return done;
  }

  /** What is acknowledged is on disk; the flush comes when the lock is free, so that nobody else waits for it. */
  async #performDurably<T>(decide: () => Decision<T>, fold: boolean): Promise<T> {
    let result: T;
    try {
      result = await this.#performNow(decide, fold);
    } catch (error) {
      for (const descriptor of this.#unflushed.splice(0)) closeSync(descriptor);
      throw error;
    }
    for (const descriptor of this.#unflushed.splice(0)) flushAppended(descriptor, this.files.journal);
    return result;
  }

  async #performNow<T>(decide: () => Decision<T>, fold: boolean): Promise<T> {
    let placed: Decision<T> | undefined;
    for (let tries = 0; ; tries++) {
      const isShared = this.#isShared();
      const lock = isShared ? await takeSharedLock(this.files.lock, (ms) => this.#noteWait(ms)) : undefined;
      try {
        await this.#index.begin((ms) => this.#noteWait(ms), this.#options.mostWaitMs);
        // Python came while we waited for our own lock: its lock is taken first, then ours.
        if (!isShared && this.#isShared()) continue;
        this.#step('locked');
        const mustFold = await this.#catchUp(isShared);
        this.#step('adopted');
        const isDone = placed?.operation !== undefined && this.#holds(placed.operation);
        const decision: Decision<T> = isDone && placed !== undefined ? placed : decide();
        const whole = fold || mustFold || this.#keepsWhole(isShared);
        if (!isDone && decision.operation !== undefined) {
          placed = decision;
          this.#place(decision.operation, isShared);
        }
        if ((whole && (fold || mustFold || decision.operation !== undefined)) || this.#isJournalLong())
          await this.#fold(isShared);
        else this.#writeMark();
        this.#index.commit();
        this.#step('committed');
        return decision.result;
      } catch (error) {
        const trouble = isCrowded(error) ? 'crowded' : troubleOf(error);
        if (tries > mostTries || trouble === 'other') throw error;
        if (trouble === 'damaged') this.#index.discard();
      } finally {
        this.#index.rollback();
        lock?.release();
      }
    }
  }

  /** Whether other programs write this ledger, as far as can be seen. */
  #isShared(): boolean {
    return (
      this.#options.shared === true ||
      existsSync(this.files.lock) ||
      readJournalHead(this.files.journal).shared
    );
  }

  #keepsWhole(isShared: boolean): boolean {
    // A new ledger is there from its first run on, for whoever looks for ledgers by name.
    if (isShared || !existsSync(this.files.path)) return true;
    return this.#options.keepWhole === true && this.#ledgerBytes() + this.#head.size < smallBytes;
  }

  #ledgerBytes(): number {
    return statSync(this.files.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  #isJournalLong(): boolean {
    return this.#head.size > leastFoldBytes && this.#head.size > this.#ledgerBytes() / 2;
  }

  /** Makes the index follow the text, where anything in it is not what the index knows. */
  async #catchUp(isShared: boolean): Promise<boolean> {
    const { file, journal } = this.files;
    this.#head = readJournalHead(journal);
    const mark = this.#index.readMark(file);
    if (mark !== undefined && this.#isCurrent(mark)) {
      this.#head = { ...this.#head, size: mark.offset };
      return false;
    }
    const { mustFold } = await adoptLedger(this.#index, this.files, isShared, (text) =>
      this.#options.note?.(text),
    );
    this.#head = { ...this.#head, size: this.#index.readMark(file)?.offset ?? 0 };
    return mustFold;
  }

  #isCurrent(mark: IndexMark): boolean {
    if (mark.journal !== this.#head.journal || mark.offset > this.#head.size) return false;
    // A dead writer's fragment has no newline; whole lines are operations the index does not know.
    if (this.#head.size > mark.offset && readJournalFrom(this.files.journal, mark.offset).includes(10))
      return false;
    if (mark.stamp !== stampOf(this.files.path)) return false;
    if (!mark.isYoung) return true;
    const isStillYoung = isYoung(this.files.path);
    const bytes = readRecordedIfAny(this.files.path);
    if ((bytes === undefined ? '' : sha256Hex(bytes)) !== mark.digest) return false;
    if (!isStillYoung) this.#index.writeMark(this.files.file, { ...mark, isYoung: false });
    return true;
  }

  /** Puts an operation into the journal, which makes it true, and into the index. A shared ledger is written whole instead. */
  #place(operation: JournalOperation, isShared: boolean): void {
    const isSign = operation.op === 'seen';
    if (!isShared) {
      const line = serializeOperation(operation);
      const { head, isClean, descriptor } = appendToJournal(this.files.journal, this.#head, line);
      this.#unflushed.push(descriptor);
      this.#step('appended');
      if (!isClean) throw new Crowded();
      this.#head = head;
    }
    const row = this.#index.find(this.files.file, operation);
    if (row !== undefined && operation.op !== 'allocate') {
      const changed = this.#changed(row, operation);
      this.#index.put(this.files.file, changed);
    } else if (!isSign && operation.op === 'allocate') {
      const record = newRecord(
        operation.status ?? 'pending',
        operation.paramHash ?? null,
        ledgerTime(operation.atUs),
      );
      this.#index.put(
        this.files.file,
        rowOf({ ...keyOf(operation), record, raw: undefined, owner: operation.by }),
      );
    }
    this.#step('indexed');
  }

  #changed(row: IndexRow, operation: JournalOperation): IndexRow {
    const state: RunState = { ...keyOf(row), record: recordOf(row), raw: row.record, owner: row.owner };
    if (operation.status !== undefined) logStatus(state, operation.status, ledgerTime(operation.atUs));
    if (operation.files.length > 0) logFiles(state, operation.files);
    const beats = operation.op === 'seen' || row.owner?.beats === true;
    if (operation.by !== undefined) state.owner = { ...operation.by, beats };
    return rowOf(state);
  }

  /** Whether the text holds an operation that was appended while the lock was contested. */
  #holds(operation: JournalOperation): boolean {
    const row = this.#index.find(this.files.file, operation);
    if (row === undefined) return false;
    const record = recordOf(row);
    if (bornUs(record) !== operation.bornUs) return false;
    if (operation.status !== undefined && !hasStatusAt(record, operation.status, ledgerTime(operation.atUs)))
      return false;
    const files = own(record, 'files');
    return operation.files.every(([name, path]) => isObject(files) && own(files, name) === path);
  }

  /** Writes the ledger whole, then a journal that only says who is running. */
  async #fold(isShared: boolean): Promise<void> {
    const { path } = this.files;
    mkdirSync(dirname(path), { recursive: true });
    const lock = isShared ? undefined : await takeFolderLock(dirname(path));
    try {
      // From here on nobody else puts a ledger in place. If the index was taken away, others may have done so before us:
      // then ours is not the newest state. Who comes with another index from now on has read our line in the journal.
      const isNewest =
        this.#index.isInPlace() &&
        this.#index.readMark(this.files.file)?.stamp === stampOf(path) &&
        readJournalHead(this.files.journal).journal === this.#head.journal;
      if (!isNewest) throw new Crowded();
      this.#writeWhole(isShared);
    } finally {
      lock?.release();
    }
  }

  #writeWhole(isShared: boolean): void {
    const { file, path, journal } = this.files;
    const bytes = serializeLedger(this.#index.rows(file));
    const digest = sha256Hex(bytes);
    const known = this.#index.readMark(file);
    let stamp = stampOf(path);
    if (known === undefined || known.digest !== digest || known.stamp !== stamp)
      stamp = writeLedgerText(path, bytes);
    this.#step('ledger-written');
    this.#head = replaceJournal(journal, this.#head, this.#ownerLines(), isShared);
    this.#step('journal-replaced');
    this.#index.writeMark(file, {
      stamp,
      digest,
      isYoung: true,
      journal: this.#head.journal,
      offset: this.#head.size,
    });
  }

  /** Who runs what is still running: the ledger itself has no place for that. */
  #ownerLines(): Buffer[] {
    return this.#index.owners(this.files.file).flatMap((row) => {
      const record = recordOf(row);
      if (own(record, 'status') !== 'running' || row.owner === undefined) {
        this.#index.put(this.files.file, { ...row, owner: undefined });
        return [];
      }
      const { seenUs, beats } = row.owner;
      const base = this.#operation(beats ? 'seen' : 'log', { ...keyOf(row), by: row.owner });
      return [serializeOperation({ ...base, atUs: seenUs, bornUs: bornUs(record) })];
    });
  }

  #writeMark(): void {
    const mark = this.#index.readMark(this.files.file);
    const { journal, size } = this.#head;
    if (mark === undefined || (mark.journal === journal && mark.offset === size)) return;
    this.#index.writeMark(this.files.file, { ...mark, journal, offset: size });
  }

  #step(step: WriterStep): void {
    this.#options.onStep?.(step);
  }

  #noteWait(waitedMs: number): void {
    this.#options.note?.(
      `waiting for another writer of ${this.files.file} since ${Math.round(waitedMs / 1000)} s; it holds the lock until it is done or gone`,
    );
  }
}

/** Files that vanish under our hands were removed by someone, as the lock was. */
function isCrowded(error: unknown): boolean {
  if (error instanceof Crowded || systemCodeOf(error) === 'ENOENT') return true;
  return error instanceof DaybookError && systemCodeOf(error.cause) === 'ENOENT';
}

function keyOf({ identifier, relpath, uid }: LedgerKey): LedgerKey {
  return { identifier, relpath, uid };
}

/** The record of a row, with numbers as they were written. */
function recordOf(row: IndexRow): JsonObject {
  try {
    return JSON.parse(row.record, keepNumbers) as JsonObject;
  } catch (cause) {
    throw new DaybookError(
      'bad-input',
      `The record of ${row.identifier} ${row.uid} holds what JSON does not have.`,
      {
        where: row.uid,
        hint: 'Replace NaN and Infinity in it by texts or null.',
        cause,
      },
    );
  }
}
