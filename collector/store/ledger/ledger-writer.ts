import { existsSync } from 'node:fs';
import type { JsonObject } from '../../base/json/json.ts';
import type { JournalOperation } from '../../formats/ledger/journal.ts';
import {
  bornUs,
  keyText,
  type LedgerKey,
  ledgerTime,
  own,
  type RunOwner,
} from '../../formats/ledger/record.ts';
import type { LedgerSpace } from '../../formats/ledger/serialize.ts';
import { newRecord } from '../../formats/ledger/state.ts';
import { uidWidth } from '../../formats/ledger/uid.ts';
import type { LedgerFiles } from './ledger-files.ts';
import type { IndexRow } from './ledger-index.ts';
import { type Decision, performStep, type StepWish } from './ledger-step.ts';
import { type LedgerWriterOptions, OpenLedger } from './open-ledger.ts';
import { changedRow, keyOf, lostRow, newOperation, recordOf } from './place-operation.ts';

export type { LedgerWriterOptions, WriterStep } from './open-ledger.ts';

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

type Given = Omit<Resumed, 'record'> & { record: JsonObject; isNew: boolean };

/** A run as it is behind an operation, and where it is. */
interface Logged {
  now: LedgerKey;
  record: JsonObject | undefined;
}

/** A run that was given out, by what nobody can take from it, and where it is. */
interface HandedOut {
  bornUs: number;
  paramHash: string | null;
  now: LedgerKey;
}

/**
 * Writes one ledger. Every operation is one locked step: what others did is taken in, the operation is appended to the
 * journal and flushed, the index follows. Killed at any instant, the text holds the operation whole or not at all, and
 * the next writer makes the index follow the text.
 */
export class LedgerWriter {
  readonly files: LedgerFiles;
  readonly #ledger: OpenLedger;
  /** Runs this writer gave out, by their uids: those are theirs, whatever others do. */
  readonly #handedOut = new Map<string, HandedOut>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(files: LedgerFiles, options: LedgerWriterOptions = {}) {
    this.files = files;
    this.#ledger = new OpenLedger(files, options);
  }

  /** Gives out the lowest free uid and writes the run's first record. */
  async allocate(run: NewRun): Promise<LedgerKey> {
    const base = newOperation(this.#ledger, 'allocate', { ...run, uid: '' });
    const { key, record } = await this.#perform(() => this.#decideAllocate(run, base), 'show');
    this.#handedOut.set(keyText(key), handedOut(key, record));
    return key;
  }

  /** The earlier run with this hash, or a new one; both under one lock, so that two that ask at once get the same. */
  async resume(run: NewRun & { paramHash: string }): Promise<Resumed> {
    const base = newOperation(this.#ledger, 'allocate', { ...run, uid: '' });
    const { key, record, owner, isNew } = await this.#perform(() => {
      const row = this.#ledger.index.findHash(run.identifier, run.relpath, run.paramHash);
      if (row === undefined) return this.#decideAllocate(run, base);
      const result = { key: keyOf(row), record: recordOf(row), owner: row.owner, isNew: false };
      return { operation: undefined, result };
    }, 'show');
    this.#handedOut.set(keyText(key), handedOut(key, record));
    return isNew ? { key, record: undefined, owner: undefined } : { key, record, owner };
  }

  /**
   * Logs status and files of a run; undefined where there is no such run. Returns the record as it is then. A run that this
   * writer gave out is followed to where it is, should another program have taken its uid.
   */
  async log(key: LedgerKey, change: RunChange): Promise<JsonObject | undefined> {
    const op = change.isBeat === true ? 'seen' : 'log';
    const base = newOperation(this.#ledger, op, { ...key, by: change.by });
    const { now, record } = await this.#perform<Logged>(() => {
      const row = this.#rowOf(key);
      if (row === undefined) return { operation: undefined, result: { now: key, record: undefined } };
      const operation: JournalOperation = {
        ...base,
        ...keyOf(row),
        bornUs: bornUs(recordOf(row)),
        paramHash: row.isLost === true ? row.paramHash : undefined,
        status: change.status,
        files: (change.files ?? []).map(([name, path]) => [name, path]),
      };
      return { operation, result: { now: keyOf(row), record: recordOf(changedRow(row, operation)) } };
    });
    const handed = this.#handedOut.get(keyText(key));
    if (handed !== undefined && handed.now.uid !== now.uid) {
      handed.now = now;
      this.#ledger.note(
        `${this.files.file} has another run as ${key.uid} of ${key.identifier}: the one given out under that uid is ${now.uid} now, and is logged there.`,
      );
    }
    return record;
  }

  /** Takes in what others wrote and leaves the ledger whole, without a journal beside it. */
  async fold(): Promise<void> {
    if (!existsSync(this.files.path) && !existsSync(this.files.journal)) return;
    await this.#perform(doNothing, 'fold');
  }

  /** Lets go of the files; the writer may be used again. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    this.#ledger.lock.close();
    this.#ledger.original.close();
  }

  #decideAllocate(run: NewRun, base: JournalOperation): Decision<Given> {
    const { identifier, relpath, status, paramHash } = run;
    const uid = this.#nextUid(run, uidWidth(run.maxsize));
    const key = { identifier, relpath, uid };
    const record = newRecord(status, paramHash, ledgerTime(base.atUs));
    const operation = { ...base, uid, status, paramHash };
    return { operation, result: { key, record, owner: undefined, isNew: true } };
  }

  /** A uid that was given out is not given out again, even if somebody has removed its run in the meantime. */
  #nextUid({ identifier, relpath }: LedgerSpace, width: number): string {
    const isGiven = (uid: string) => this.#handedOut.has(keyText({ identifier, relpath, uid }));
    return this.#ledger.index.nextUid({ identifier, relpath }, width, isGiven);
  }

  /** The run that a uid means for the one who was given it here, else the one that has it. */
  #rowOf(key: LedgerKey): (IndexRow & { isLost?: true }) | undefined {
    const { index } = this.#ledger;
    const handed = this.#handedOut.get(keyText(key));
    const row = index.find(handed?.now ?? key);
    if (handed === undefined || (row !== undefined && bornUs(recordOf(row)) === handed.bornUs)) return row;
    const moved = index.findBorn(key.identifier, key.relpath, handed.bornUs);
    if (moved !== undefined || row === undefined) return moved;
    // Another run has its uid, and nobody has ours any more: it comes back beside that one.
    const uid = this.#nextUid(key, key.uid.length);
    return { ...lostRow({ ...key, uid }, handed.bornUs, handed.paramHash), isLost: true };
  }

  /** One after the other within this process; the lock keeps other processes apart. */
  #perform<T>(decide: () => Decision<T>, wish?: StepWish): Promise<T> {
    const done = this.#queue.catch(() => undefined).then(() => performStep(this.#ledger, decide, wish));
    this.#queue = done.then(() => this.#foldIfDue());
    this.#queue.catch(() => undefined);
    return done;
  }

  /** A journal that has grown long is folded behind the operation that made it so, which need not wait for that. */
  async #foldIfDue(): Promise<void> {
    if (!this.#ledger.isFoldDue) return;
    this.#ledger.isFoldDue = false;
    // Who fails here folds when the journal has grown as much again.
    await performStep(this.#ledger, doNothing, 'fold-if-long').catch(() => undefined);
  }
}

function doNothing(): Decision<undefined> {
  return { operation: undefined, result: undefined };
}

function handedOut(now: LedgerKey, record: JsonObject): HandedOut {
  const hash = own(record, 'param_hash');
  return { now, bornUs: bornUs(record) ?? 0, paramHash: typeof hash === 'string' ? hash : null };
}
