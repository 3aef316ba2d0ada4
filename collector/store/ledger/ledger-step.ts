import { closeSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import type { JournalOperation } from '../../formats/ledger/journal.ts';
import { catchUp } from './catch-up.ts';
import { foldLedger } from './fold-ledger.ts';
import { type Appended, flushAppended, readJournalHead } from './journal-file.ts';
import type { IndexRow } from './ledger-index.ts';
import type { OpenLedger } from './open-ledger.ts';
import { appendOperation, holdsOperation, indexOperation, isCrowded } from './place-operation.ts';
import { showOperation } from './show-operation.ts';
import { troubleOf } from './sqlite.ts';

/** What an operation decided under the lock: the line for the journal, if any, and what its caller gets. */
export interface Decision<T> {
  operation: JournalOperation | undefined;
  result: T;
}

/** What a step does to the ledger itself, beyond what it has to: `show` gives out a uid, which has to stand there. */
export type StepWish = 'fold' | 'fold-if-long' | 'show' | 'as-needed';

/** Enough for someone who removes the index all the time; a lock that never works ends the wait. */
const maxTries = 200;

/**
 * One locked step: what others did is taken in, `decide` looks at the index, what it decided is appended to the journal,
 * the index follows, and so does the ledger itself where others rely on it: a new run stands there before anybody hears of
 * it, and in a shared ledger everything does. What is acknowledged is on disk; the flush comes when the lock is free, so
 * that nobody else waits for it. `decide` may be asked again, where the lock was taken away in the meantime.
 */
export async function performStep<T>(
  ledger: OpenLedger,
  decide: () => Decision<T>,
  wish: StepWish = 'as-needed',
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
  readonly #wish: StepWish;
  readonly #appended: Appended[] = [];
  /** What was appended, though perhaps not alone. */
  #placed: Decision<T> | undefined;
  /** What is true, whatever happens to the rest of the step. */
  #committed: Decision<T> | undefined;
  /** Changing the ledger itself needs the original's lock, which is taken before the one of the index: taking it lasts. */
  #takesOriginal: boolean;

  constructor(ledger: OpenLedger, decide: () => Decision<T>, wish: StepWish) {
    this.#ledger = ledger;
    this.#decide = decide;
    this.#wish = wish;
    this.#takesOriginal = wish !== 'as-needed' || ledger.keepsWhole(false);
  }

  async perform(): Promise<T> {
    const ledger = this.#ledger;
    for (let tries = 0; ; tries++) {
      const isShared = ledger.isShared();
      const mayWrite = isShared || this.#takesOriginal;
      try {
        if (mayWrite) await ledger.takeOriginal(isShared);
        await ledger.lock.begin((ms) => ledger.noteWait(ms), ledger.maxWaitMs);
        if (await this.#performLocked(isShared, mayWrite)) break;
      } catch (error) {
        const trouble = isCrowded(error) ? 'crowded' : troubleOf(error);
        if (tries > maxTries || trouble === 'other') {
          this.#endEarly(error);
          break;
        }
        if (trouble === 'damaged') ledger.lock.discard();
      } finally {
        ledger.lock.rollback();
        ledger.original.release();
      }
    }
    for (const appended of this.#appended.splice(0)) flushAppended(appended, ledger.files.journal);
    return this.#committed!.result;
  }

  /** Lets go of what a step that failed has left open. */
  close(): void {
    for (const { descriptor } of this.#appended.splice(0)) closeSync(descriptor);
  }

  /** What is done under the lock; false where it has to be taken again in another way. */
  async #performLocked(isShared: boolean, mayWrite: boolean): Promise<boolean> {
    const ledger = this.#ledger;
    const head = readJournalHead(ledger.files.journal);
    // Python came while we waited for our own lock: its lock is taken first, then ours.
    if (!mayWrite && ledger.isShared(head)) return false;
    ledger.passed('locked');
    const caughtUp = await catchUp(ledger, head, mayWrite);
    if (caughtUp === 'fold-first') return this.#takeOriginal();
    ledger.passed('adopted');
    const before = ledger.head.size;
    const decision = this.#committed ?? this.#known() ?? this.#decide();
    const { operation } = decision;
    const row = operation === undefined ? undefined : ledger.index.find(operation);
    // Nobody else may be given what is new here before it stands in the ledger.
    if (operation !== undefined && row === undefined && !mayWrite) return this.#takeOriginal();
    if (operation !== undefined && decision !== this.#committed && decision !== this.#placed)
      this.#place(decision, operation, isShared);
    const mustFold =
      this.#wish === 'fold' ||
      caughtUp === 'must-fold' ||
      (operation !== undefined && ledger.keepsWhole(isShared));
    if (mayWrite && (mustFold || ledger.isJournalLong())) foldLedger(ledger, isShared);
    else this.#follow(operation, row, isShared);
    ledger.lock.commit();
    this.#committed = decision;
    ledger.passed('committed');
    if (mustFold && !mayWrite) return this.#takeOriginal();
    ledger.isFoldDue ||= !mayWrite && ledger.hasGrownLong(before);
    return true;
  }

  #takeOriginal(): false {
    this.#takesOriginal = true;
    return false;
  }

  /** What a try before has put into the journal, where it has come to stand. */
  #known(): Decision<T> | undefined {
    const operation = this.#placed?.operation;
    return operation !== undefined && holdsOperation(this.#ledger, operation) ? this.#placed : undefined;
  }

  /** Puts an operation into the journal and the index. */
  #place(decision: Decision<T>, operation: JournalOperation, isShared: boolean): void {
    const ledger = this.#ledger;
    this.#placed = decision;
    ledger.head = { ...ledger.head, shared: ledger.head.shared || isShared };
    const line = isShared ? { ...operation, whole: true } : operation;
    appendOperation(ledger, line, (appended) => this.#appended.push(appended));
    indexOperation(ledger, operation);
    ledger.passed('indexed');
  }

  /** Makes the ledger itself say what has changed, where others rely on that. */
  #follow(operation: JournalOperation | undefined, before: IndexRow | undefined, isShared: boolean): void {
    const ledger = this.#ledger;
    if (operation === undefined) {
      ledger.writeMark(false);
      return;
    }
    const isNew = operation.op === 'allocate' || before === undefined;
    const isChanged = isNew || before.record !== ledger.index.find(operation)?.record;
    const isLate = isShared && ledger.index.readMark()?.text !== 'whole';
    if (isNew || isLate || (isShared && isChanged)) showOperation(ledger, operation, before);
    else ledger.writeMark(isChanged);
  }

  /** An operation that stands in the journal has happened; a ledger that could not be folded keeps its journal. */
  #endEarly(error: unknown): void {
    if (this.#committed?.operation === undefined) throw error;
    this.#ledger.note(`${this.#ledger.files.file} keeps its journal for now: ${messageOf(error)}`);
  }
}
