import { statSync } from 'node:fs';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { MovedRun } from '../../formats/ledger/journal.ts';
import { IndexFile } from './index-file.ts';
import { type JournalHead, noJournal, readJournalHead } from './journal-file.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { LedgerIndex } from './ledger-index.ts';
import { OriginalLock } from './original-lock.ts';

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
  maxWaitMs?: number;
  clock?: Clock;
  /** Hears what a person should know: recovered, renumbered, waiting. */
  note?: (text: string) => void;
  onStep?: (step: WriterStep) => void;
}

const smallBytes = 2 * 1024 * 1024;
const leastFoldBytes = 128 * 1024;

/** One ledger as its writer has it open: its files, the index that is its lock, and what is known of its journal. */
export class OpenLedger {
  readonly files: LedgerFiles;
  readonly lock: IndexFile;
  /** Taken before that of the index, by the one who changes what the ledger itself says. */
  readonly original: OriginalLock;
  readonly index: LedgerIndex;
  readonly clock: Clock;
  readonly maxWaitMs: number | undefined;
  /** The journal as far as the index holds it. */
  head: JournalHead = noJournal;
  /** Runs that were found to have taken another uid, as the next journal is to say. */
  readonly moved = new Map<string, MovedRun>();
  /** The journal has grown long: somebody has to fold it soon, and it is us. */
  isFoldDue = false;
  readonly #options: LedgerWriterOptions;

  constructor(files: LedgerFiles, options: LedgerWriterOptions) {
    this.files = files;
    this.lock = new IndexFile(files.root);
    this.original = new OriginalLock(files.lock);
    this.index = new LedgerIndex(this.lock, files.file);
    this.clock = options.clock ?? systemClock;
    this.maxWaitMs = options.maxWaitMs;
    this.#options = options;
  }

  /** Whether other programs write this ledger, as far as can be seen. */
  isShared(head: JournalHead = readJournalHead(this.files.journal)): boolean {
    return this.#options.shared === true || head.shared || this.original.isForeign;
  }

  /**
   * Takes the original's lock, without which nobody changes what the ledger itself says. Where nothing here can take it,
   * the index alone has to do, unless it is needed.
   */
  async takeOriginal(isNeeded: boolean): Promise<void> {
    try {
      await this.original.take((ms) => this.noteWait(ms), this.maxWaitMs);
    } catch (error) {
      if (isNeeded || !this.original.isUnusable) throw error;
    }
  }

  /**
   * Whether an operation leaves the ledger whole and no journal beside it. A new ledger is there from its first run on, for
   * the one who looks for it; a shared one keeps its journal.
   */
  keepsWhole(isShared: boolean): boolean {
    const bytes = this.#bytes();
    if (bytes === undefined) return true;
    return !isShared && this.#options.keepWhole === true && bytes + this.head.size < smallBytes;
  }

  /** Whether the journal has grown to a part of the ledger that is worth writing it again. */
  isJournalLong(): boolean {
    return this.head.size > this.#longBytes();
  }

  /** Whether it became so, or as much longer again, by what came behind `size`: one of many writers is to see to it. */
  hasGrownLong(size: number): boolean {
    if (this.head.size <= leastFoldBytes) return false;
    const long = this.#longBytes();
    return Math.floor(size / long) < Math.floor(this.head.size / long);
  }

  /** Notes up to where the index holds the journal, and whether that is more than the ledger itself says. */
  writeMark(isBehind: boolean): void {
    const mark = this.index.readMark();
    const { journal, size } = this.head;
    if (mark === undefined || (mark.journal === journal && mark.offset === size)) return;
    const text = isBehind && mark.text === 'whole' ? 'behind' : mark.text;
    this.index.writeMark({ ...mark, journal, offset: size, text });
  }

  passed(step: WriterStep): void {
    this.#options.onStep?.(step);
  }

  note(text: string): void {
    this.#options.note?.(text);
  }

  noteWait(waitedMs: number): void {
    this.note(
      `waiting for another writer of ${this.files.file} since ${Math.round(waitedMs / 1000)} s; it holds the lock until it is done or gone`,
    );
  }

  #longBytes(): number {
    return Math.max(leastFoldBytes, (this.#bytes() ?? 0) / 2);
  }

  #bytes(): number | undefined {
    return statSync(this.files.path, { throwIfNoEntry: false })?.size;
  }
}
