import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseJson } from '../../base/json/text.ts';
import { type JournalOperation, serializeOperation } from '../../formats/ledger/journal.ts';
import { bornUs, type LedgerKey, ledgerTime, own, type RunOwner } from '../../formats/ledger/record.ts';
import { hasStatusAt, logFiles, logStatus, newRecord, type RunState } from '../../formats/ledger/state.ts';
import { rowOf } from './adopt-ledger.ts';
import { type Appended, appendToJournal } from './journal-file.ts';
import type { IndexRow } from './ledger-index.ts';
import type { OpenLedger } from './open-ledger.ts';

/** An operation as it is before it says anything of its run, beginning now. */
export function newOperation(
  ledger: OpenLedger,
  op: JournalOperation['op'],
  key: LedgerKey & { by?: RunOwner | undefined },
): JournalOperation {
  const atUs = ledger.clock.nowUs();
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

/**
 * Appends an operation to the journal, which makes it true once the journal is flushed; that is the caller's to do.
 * @throws Crowded where someone else wrote at the same time.
 */
export function appendOperation(
  ledger: OpenLedger,
  operation: JournalOperation,
  onOpen: (appended: Appended) => void,
): void {
  const appended = appendToJournal(ledger.files.journal, ledger.head, serializeOperation(operation));
  onOpen(appended);
  ledger.passed('appended');
  if (!appended.isClean) throw new Crowded();
  ledger.head = appended.head;
}

/** Makes the index follow an operation. */
export function indexOperation({ index }: OpenLedger, operation: JournalOperation): void {
  const row = index.find(operation);
  if (operation.op !== 'allocate') {
    index.put(
      changedRow(row ?? lostRow(operation, operation.bornUs ?? 0, operation.paramHash ?? null), operation),
    );
    return;
  }
  const { status = 'pending', paramHash = null, atUs, by } = operation;
  const record = newRecord(status, paramHash, ledgerTime(atUs));
  index.put(rowOf({ ...keyOf(operation), record, raw: undefined, owner: by }));
}

/** A run that the ledger has lost, as far as the one who was given it knows it. */
export function lostRow(key: LedgerKey, born: number, paramHash: string | null): IndexRow {
  const record = newRecord('pending', paramHash, ledgerTime(born));
  return rowOf({ ...keyOf(key), record, raw: undefined, owner: undefined });
}

/** A row of the index as it is behind an operation. */
export function changedRow(row: IndexRow, operation: JournalOperation): IndexRow {
  const state: RunState = { ...keyOf(row), record: recordOf(row), raw: row.record, owner: row.owner };
  if (operation.status !== undefined) logStatus(state, operation.status, ledgerTime(operation.atUs));
  logFiles(state, operation.files);
  const beats = operation.op === 'seen' || row.owner?.beats === true;
  if (operation.by !== undefined) state.owner = { ...operation.by, beats };
  return rowOf(state);
}

/** Whether the text, as the index has it, holds an operation that was appended while the lock was contested. */
export function holdsOperation({ index }: OpenLedger, operation: JournalOperation): boolean {
  const row = index.find(operation);
  if (row === undefined) return false;
  const record = recordOf(row);
  if (bornUs(record) !== operation.bornUs) return false;
  if (operation.status !== undefined && !hasStatusAt(record, operation.status, ledgerTime(operation.atUs)))
    return false;
  const files = own(record, 'files');
  return operation.files.every(([name, path]) => isObject(files) && own(files, name) === path);
}

/** Someone else wrote at the same time, because the lock was taken away: look again who was first. */
export class Crowded extends DaybookError {
  constructor() {
    super('failed', 'The lock of a ledger was removed again and again while it was written.', {
      hint: 'Leave .daybook/ledger.db alone while runs are recorded.',
    });
  }
}

/** Whether an error says that. Files that vanish under our hands were removed by someone, as the lock was. */
export function isCrowded(error: unknown): boolean {
  if (error instanceof Crowded || systemCodeOf(error) === 'ENOENT') return true;
  return error instanceof DaybookError && systemCodeOf(error.cause) === 'ENOENT';
}

/** Which run a row or a run is about, and nothing else of it. */
export function keyOf({ identifier, relpath, uid }: LedgerKey): LedgerKey {
  return { identifier, relpath, uid };
}

/** The record of a row, with numbers as they were written. @throws DaybookError `bad-input` for NaN and Infinity. */
export function recordOf(row: IndexRow): JsonObject {
  try {
    return parseJson(row.record) as JsonObject;
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
