import { closeSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import type { JournalOperation } from '../../formats/ledger-journal.ts';
import { catchUp } from './catch-up.ts';
import { foldLedger } from './fold-ledger.ts';
import { type Appended, flushAppended, readJournalHead } from './journal-file.ts';
import type { OpenLedger } from './open-ledger.ts';
import { appendOperation, holdsOperation, indexOperation, isCrowded } from './place-operation.ts';
import { type SharedLock, takeFolderLock, takeSharedLock } from './shared-lock.ts';
import { troubleOf } from './sqlite.ts';

/** What an operation decided under the lock: the line for the journal, if any, and what its caller gets. */
export interface Decision<T> {
  operation: JournalOperation | undefined;
  result: T;
}

/** When a step leaves the ledger whole, beyond when it has to. */
export type FoldWish = 'fold' | 'fold-if-long' | 'as-needed';

/** Enough for someone who removes the index all the time; a lock that never works ends the wait. */
const mostTries = 200;

/**
 * One locked step: what others did is taken in, `decide` looks at the index, what it decided is appended to the journal,
 * the index follows. What is acknowledged is on disk; the flush comes when the lock is free, so that nobody else waits for
 * it. `decide` may be asked again, where the lock was taken away meanwhile.
 */
export async function performStep<T>(
  ledger: OpenLedger,
  decide: () => Decision<T>,
  wish: FoldWish = 'as-needed',
): Promise<T> {
  const step = new Step(ledger, decide, wish);
  try {
    return await step.perform();
  } finally {
    step.close();
  }
}

class Step<T> {
  readonly #ledger: OpenLedger;
  readonly #decide: () => Decision<T>;
  readonly #wish: FoldWish;
  readonly #appended: Appended[] = [];
  /** What was appended, though perhaps not alone. */
  #placed: Decision<T> | undefined;
  /** What is true, whatever happens to the rest of the step. */
  #committed: Decision<T> | undefined;
  /** Folding needs a lock that is taken before the one of the index, because taking it lasts. */
  #takesFolder: boolean;

  constructor(ledger: OpenLedger, decide: () => Decision<T>, wish: FoldWish) {
    this.#ledger = ledger;
    this.#decide = decide;
    this.#wish = wish;
    this.#takesFolder = wish !== 'as-needed' || ledger.keepsWhole(false);
  }

  async perform(): Promise<T> {
    const { lock, files } = this.#ledger;
    for (let tries = 0; ; tries++) {
      const isShared = this.#ledger.isShared();
      let outer: SharedLock | undefined;
      try {
        outer = await this.#takeOuter(isShared);
        await lock.begin((ms) => this.#ledger.noteWait(ms), this.#ledger.mostWaitMs);
        if (await this.#performLocked(isShared, outer !== undefined)) break;
      } catch (error) {
        const trouble = isCrowded(error) ? 'crowded' : troubleOf(error);
        if (tries > mostTries || trouble === 'other') {
          this.#endEarly(error);
          break;
        }
        if (trouble === 'damaged') lock.discard();
      } finally {
        lock.rollback();
        outer?.release();
      }
    }
    for (const appended of this.#appended.splice(0)) flushAppended(appended, files.journal);
    return this.#committed!.result;
  }

  /** Lets go of what a step that failed has left open. */
  close(): void {
    for (const { descriptor } of this.#appended.splice(0)) closeSync(descriptor);
  }

  async #takeOuter(isShared: boolean): Promise<SharedLock | undefined> {
    const { files, mostWaitMs } = this.#ledger;
    if (isShared) return takeSharedLock(files.lock, (ms) => this.#ledger.noteWait(ms));
    return this.#takesFolder ? takeFolderLock(files.path, mostWaitMs) : undefined;
  }

  /** What is done under the lock; false where it has to be taken again in another way. */
  async #performLocked(isShared: boolean, mayFold: boolean): Promise<boolean> {
    const ledger = this.#ledger;
    const head = readJournalHead(ledger.files.journal);
    // Python came while we waited for our own lock: its lock is taken first, then ours.
    if (!isShared && ledger.isShared(head)) return false;
    ledger.passed('locked');
    const caughtUp = await catchUp(ledger, head, isShared, mayFold);
    if (caughtUp === 'fold-first') return this.#tryWithFolder();
    ledger.passed('adopted');
    const before = ledger.head.size;
    const decision = this.#committed ?? this.#place(isShared);
    const mustFold =
      this.#wish === 'fold' ||
      caughtUp === 'must-fold' ||
      (decision.operation !== undefined && ledger.keepsWhole(isShared));
    if (mayFold && (mustFold || ledger.isJournalLong())) foldLedger(ledger, isShared);
    else ledger.writeMark();
    ledger.lock.commit();
    this.#committed = decision;
    ledger.passed('committed');
    if (mustFold && !mayFold) return this.#tryWithFolder();
    ledger.isFoldDue ||= !mayFold && ledger.hasGrownLong(before);
    return true;
  }

  #tryWithFolder(): false {
    this.#takesFolder = true;
    return false;
  }

  /** Puts what `decide` says into the journal and the index, unless it stands there from a try before. */
  #place(isShared: boolean): Decision<T> {
    const placed = this.#placed;
    if (placed?.operation !== undefined && holdsOperation(this.#ledger, placed.operation)) return placed;
    const decision = this.#decide();
    if (decision.operation === undefined) return decision;
    this.#placed = decision;
    // A shared ledger is written whole instead.
    if (!isShared)
      appendOperation(this.#ledger, decision.operation, (appended) => this.#appended.push(appended));
    indexOperation(this.#ledger, decision.operation);
    this.#ledger.passed('indexed');
    return decision;
  }

  /** An operation that stands in the journal has happened; a ledger that could not be folded keeps its journal. */
  #endEarly(error: unknown): void {
    if (this.#committed?.operation === undefined) throw error;
    this.#ledger.note(`${this.#ledger.files.file} keeps its journal for now: ${messageOf(error)}`);
  }
}
