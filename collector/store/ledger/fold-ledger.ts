import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import { serializeOperation } from '../../formats/ledger/journal.ts';
import { bornUs, own } from '../../formats/ledger/record.ts';
import { layOutLedger } from '../../formats/ledger/serialize.ts';
import { readJournalHead, replaceJournal } from './journal-file.ts';
import { stampOf, writeLedgerText } from './ledger-text.ts';
import { movedRuns } from './moved-runs.ts';
import type { OpenLedger } from './open-ledger.ts';
import { Crowded, keyOf, newOperation, recordOf } from './place-operation.ts';

/**
 * Writes the ledger whole, then a journal that only says who is running. The caller holds the lock of the index and
 * the original's, which keeps those who change the ledger apart: nobody else does so from here on.
 * @throws Crowded where others may have done so before us.
 */
export function foldLedger(ledger: OpenLedger, isShared: boolean): void {
  writeWholeLedger(ledger);
  const { files, index } = ledger;
  const start = { lines: ownerLines(ledger), shared: isShared, moved: movedRuns(ledger) };
  ledger.head = replaceJournal(files.journal, ledger.head, start);
  ledger.passed('journal-replaced');
  const { journal, size } = ledger.head;
  index.writeMark({ ...index.readMark()!, journal, offset: size });
}

/**
 * Writes the ledger whole and leaves the journal as it is. If the index was taken away, others may have written it before
 * us: then ours is not the newest state. Who comes with another index from now on has read our line in the journal.
 * @throws Crowded in that case.
 */
export function writeWholeLedger(ledger: OpenLedger): void {
  const { index, lock, files } = ledger;
  mkdirSync(dirname(files.path), { recursive: true });
  const known = index.readMark();
  const isNewest =
    lock.isInPlace() &&
    known?.stamp === stampOf(files.path) &&
    readJournalHead(files.journal).journal === ledger.head.journal;
  if (known === undefined || !isNewest) throw new Crowded();
  const { bytes, last } = layOutLedger(index.rows());
  const digest = sha256Hex(bytes);
  const { journal, size } = ledger.head;
  const mark = { ...known, digest, text: 'whole', last, journal, offset: size } as const;
  index.writeMark(known.digest === digest ? mark : { ...mark, ...writeLedgerText(files.path, bytes) });
  ledger.passed('ledger-written');
}

/** Who runs what is still running: the ledger itself has no place for that. */
function ownerLines(ledger: OpenLedger): Buffer[] {
  return ledger.index.owners().flatMap((row) => {
    const record = recordOf(row);
    if (own(record, 'status') !== 'running' || row.owner === undefined) {
      ledger.index.put({ ...row, owner: undefined });
      return [];
    }
    const { seenUs, beats } = row.owner;
    const base = newOperation(ledger, beats ? 'seen' : 'log', { ...keyOf(row), by: row.owner });
    return [serializeOperation({ ...base, atUs: seenUs, bornUs: bornUs(record) })];
  });
}
