import { existsSync } from 'node:fs';
import type { JsonObject } from '../../base/json.ts';
import type { JournalOperation } from '../../formats/ledger-journal.ts';
import { bornUs, type LedgerKey, type RunOwner } from '../../formats/ledger-record.ts';
import { uidWidth } from '../../formats/ledger-uid.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { type Decision, type FoldWish, performStep } from './ledger-step.ts';
import { type LedgerWriterOptions, OpenLedger } from './open-ledger.ts';
import { changedRow, keyOf, newOperation, recordOf } from './place-operation.ts';

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

/**
 * Writes one ledger. Every operation is one locked step: what others did is taken in, the operation is appended to the
 * journal and flushed, the index follows. Killed at any instant, the text holds the operation whole or not at all, and
 * the next writer makes the index follow the text.
 */
export class LedgerWriter {
  readonly files: LedgerFiles;
  readonly #ledger: OpenLedger;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(files: LedgerFiles, options: LedgerWriterOptions = {}) {
    this.files = files;
    this.#ledger = new OpenLedger(files, options);
  }

  /** Gives out the lowest free uid and writes the run's first record. */
  allocate(run: NewRun): Promise<LedgerKey> {
    const base = newOperation(this.#ledger, 'allocate', { ...run, uid: '' });
    return this.#perform(() => this.#decideAllocate(run, base));
  }

  /** The earlier run with this hash, or a new one; both under one lock, so that two that ask at once get the same. */
  resume(run: NewRun & { paramHash: string }): Promise<Resumed> {
    const base = newOperation(this.#ledger, 'allocate', { ...run, uid: '' });
    return this.#perform<Resumed>(() => {
      const row = this.#ledger.index.findHash(run.identifier, run.relpath, run.paramHash);
      if (row === undefined) {
        const { operation, result } = this.#decideAllocate(run, base);
        return { operation, result: { key: result, record: undefined, owner: undefined } };
      }
      return { operation: undefined, result: { key: keyOf(row), record: recordOf(row), owner: row.owner } };
    });
  }

  /** Logs status and files of a run; undefined where there is no such run. Returns the record as it is then. */
  log(key: LedgerKey, change: RunChange): Promise<JsonObject | undefined> {
    const op = change.isBeat === true ? 'seen' : 'log';
    const base = newOperation(this.#ledger, op, { ...key, by: change.by });
    return this.#perform(() => {
      const row = this.#ledger.index.find(key);
      if (row === undefined) return { operation: undefined, result: undefined };
      const operation: JournalOperation = {
        ...base,
        bornUs: bornUs(recordOf(row)),
        status: change.status,
        files: (change.files ?? []).map(([name, path]) => [name, path]),
      };
      return { operation, result: recordOf(changedRow(row, operation)) };
    });
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
  }

  #decideAllocate(run: NewRun, base: JournalOperation): Decision<LedgerKey> {
    const { identifier, relpath } = run;
    const uid = this.#ledger.index.nextUid(identifier, relpath, uidWidth(run.maxsize));
    const operation = { ...base, uid, status: run.status, paramHash: run.paramHash };
    return { operation, result: { identifier, relpath, uid } };
  }

  /** One after the other within this process; the lock keeps other processes apart. */
  #perform<T>(decide: () => Decision<T>, wish?: FoldWish): Promise<T> {
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
