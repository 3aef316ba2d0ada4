import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import type { JournalOperation } from './journal.ts';
import type { LedgerEntry } from './record.ts';
import {
  bornUs,
  keyText,
  type LedgerKey,
  ledgerTime,
  own,
  type Renumbered,
  type RunOwner,
} from './record.ts';
import { lowestFreeUid } from './uid.ts';

/** The last known record of the run that an operation means. */
export type Recall = (operation: JournalOperation) => JsonObject | undefined;

/** A run while operations are applied to it. */
export interface RunState extends LedgerKey {
  record: JsonObject;
  /** The text it was read from, while nothing has changed it. */
  raw: string | undefined;
  owner: RunOwner | undefined;
}

/**
 * The runs of a ledger, with the operations of its journal applied. Applying is idempotent: a journal whose operations the
 * ledger holds already, in whole or in part, changes nothing, so that a writer may be killed between any two steps, and a
 * ledger that someone else has changed keeps their changes and gains ours.
 */
export class LedgerState {
  readonly runs = new Map<string, RunState>();
  readonly renumbered: Renumbered[] = [];
  /** Runs the journal allocated, by the key it gave them; where they are now. */
  readonly #allocated = new Map<string, { bornUs: number; now: RunState }[]>();

  readonly #recall: Recall;

  /** `recall` may know more of a run that someone else has removed than its journal does. */
  constructor(entries: readonly LedgerEntry[], recall: Recall = () => undefined) {
    this.#recall = recall;
    for (const { run, raw } of entries) {
      const { identifier, relpath, uid, record } = run;
      this.runs.set(keyText(run), { identifier, relpath, uid, record, raw, owner: undefined });
    }
  }

  /** Applies operations in the order of the journal. */
  apply(operations: readonly JournalOperation[]): void {
    const allocations = operations.filter(({ op }) => op === 'allocate');
    const claimed = new Set(allocations.map(keyText));
    const last = new Map(allocations.map((operation) => [operation.id, keyText(operation)]));
    for (const operation of operations) {
      // A writer that found its uid taken in the meantime has tried again with another one, under the same id.
      if (operation.op === 'allocate' && operation.id !== '' && last.get(operation.id) !== keyText(operation))
        continue;
      if (operation.op === 'allocate') this.#allocate(operation, claimed);
      else this.#log(operation, claimed);
    }
  }

  #allocate(operation: JournalOperation, claimed: ReadonlySet<string>): void {
    const key = keyText(operation);
    const before = this.#allocated.get(key) ?? [];
    if (before.some(({ bornUs }) => bornUs === operation.atUs)) return;
    const there = this.runs.get(key);
    let now = there;
    if (there === undefined) now = this.#insert(operation, operation.uid);
    else if (bornUs(there.record) !== operation.atUs)
      now = this.#findBorn(operation, claimed) ?? this.#renumber(operation, claimed);
    now!.owner ??= operation.by;
    this.#allocated.set(key, [...before, { bornUs: operation.atUs, now: now! }]);
  }

  #log(operation: JournalOperation, claimed: ReadonlySet<string>): void {
    const run = this.#runOf(operation, claimed);
    if (run === undefined) return;
    if (operation.status !== undefined) logStatus(run, operation.status, ledgerTime(operation.atUs));
    logFiles(run, operation.whole === true ? missingIn(run, operation.files) : operation.files);
    if (operation.by !== undefined) run.owner = mergeOwner(run.owner, operation.by);
  }

  /** The run an operation means, wherever it is now; one that someone else removed is put back for what we know of it. */
  #runOf(operation: JournalOperation, claimed: ReadonlySet<string>): RunState | undefined {
    const key = keyText(operation);
    const ours = this.#allocated.get(key)?.find(({ bornUs }) => bornUs === operation.bornUs);
    if (ours !== undefined) return ours.now;
    const there = this.runs.get(key);
    if (there !== undefined && (operation.bornUs === undefined || bornUs(there.record) === operation.bornUs))
      return there;
    const moved = this.#findBorn(operation, claimed);
    if (moved !== undefined || operation.op === 'seen' || operation.bornUs === undefined)
      return moved ?? there;
    return there === undefined ? this.#insert(operation, operation.uid) : this.#renumber(operation, claimed);
  }

  /** A run of the same identifier and relpath that began at the same instant under a uid the journal never gave. */
  #findBorn(
    { identifier, relpath, bornUs: wanted }: JournalOperation,
    claimed: ReadonlySet<string>,
  ): RunState | undefined {
    if (wanted === undefined) return undefined;
    for (const [key, run] of this.runs) {
      if (run.identifier !== identifier || run.relpath !== relpath || claimed.has(key)) continue;
      if (bornUs(run.record) === wanted) return run;
    }
    return undefined;
  }

  #renumber(operation: JournalOperation, claimed: ReadonlySet<string>): RunState {
    const { identifier, relpath } = operation;
    const { uid } = lowestFreeUid((candidate) => {
      const key = keyText({ identifier, relpath, uid: candidate });
      return this.runs.has(key) || claimed.has(key);
    }, operation.uid.length);
    this.renumbered.push({
      from: { identifier, relpath, uid: operation.uid },
      uid,
      bornUs: operation.bornUs,
    });
    return this.#insert(operation, uid);
  }

  #insert(operation: JournalOperation, uid: string): RunState {
    const { identifier, relpath, op, atUs, status = 'pending', paramHash = null } = operation;
    const born = operation.bornUs ?? atUs;
    const first = op === 'allocate' ? status : 'pending';
    const known = op === 'allocate' ? undefined : this.#recall(operation);
    const record = known ?? newRecord(first, paramHash, ledgerTime(born));
    const run: RunState = { identifier, relpath, uid, record, raw: undefined, owner: undefined };
    this.runs.set(keyText(run), run);
    return run;
  }
}

/** Files that a run does not name: of others, what the ledger says may be newer than what we once wrote there. */
function missingIn({ record }: RunState, files: JournalOperation['files']): JournalOperation['files'] {
  const there = own(record, 'files');
  return isObject(there) ? files.filter(([name]) => !Object.hasOwn(there, name)) : files;
}

/** The record of a run that has just been allocated, with the original's keys in the original's order. */
export function newRecord(status: string, paramHash: string | null, at: string): JsonObject {
  return { status, param_hash: paramHash, files: {}, timestamp_status_lst: [[at, status]] };
}

/** Adds a change of status, unless the history has it already. */
export function logStatus(run: RunState, status: string, at: string): void {
  const history = own(run.record, 'timestamp_status_lst');
  const list: JsonValue[] = Array.isArray(history) ? history : [];
  if (hasStatusAt(run.record, status, at)) return;
  run.record = { ...run.record, status, timestamp_status_lst: [...list, [at, status]] };
  run.raw = undefined;
}

/** Whether a record's history has this change of status already. */
export function hasStatusAt(record: JsonObject, status: string, at: string): boolean {
  const history = own(record, 'timestamp_status_lst');
  if (!Array.isArray(history)) return false;
  return history.some((entry) => Array.isArray(entry) && entry[1] === status && isSameTime(entry[0], at));
}

/** Names files of a run; of a name given twice the last path counts. */
export function logFiles(run: RunState, files: readonly (readonly [string, string])[]): void {
  if (files.length === 0) return;
  const before = own(run.record, 'files');
  const merged = new Map<string, JsonValue>(isObject(before) ? Object.entries(before) : []);
  for (const [name, path] of files) merged.set(name, path);
  run.record = { ...run.record, files: Object.fromEntries(merged) };
  run.raw = undefined;
}

function isSameTime(written: JsonValue | undefined, at: string): boolean {
  return written === at || (typeof written === 'string' && parseTime(written)?.us === parseTime(at)?.us);
}

function mergeOwner(before: RunOwner | undefined, now: RunOwner): RunOwner {
  const same =
    before !== undefined && before.host === now.host && before.pid === now.pid && before.start === now.start;
  return same
    ? { ...now, beats: before.beats || now.beats, seenUs: Math.max(before.seenUs, now.seenUs) }
    : now;
}
