import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import { serializeOperation } from '../../formats/ledger-journal.ts';
import { bornUs, own } from '../../formats/ledger-record.ts';
import { serializeLedger } from '../../formats/ledger-serialize.ts';
import { readJournalHead, replaceJournal } from './journal-file.ts';
import { stampOf, writeLedgerText } from './ledger-text.ts';
import type { OpenLedger } from './open-ledger.ts';
import { Crowded, keyOf, newOperation, recordOf } from './place-operation.ts';

/**
 * Writes the ledger whole, then a journal that only says who is running. Whoever calls it holds the lock of the index and
 * the one that keeps those who put a ledger in place apart: nobody else does so from here on. If the index was taken away,
 * others may have done so before us: then ours is not the newest state. Who comes with another index from now on has read
 * our line in the journal.
 * @throws Crowded in that case.
 */
export function foldLedger(ledger: OpenLedger, isShared: boolean): void {
  const { index, lock, files } = ledger;
  mkdirSync(dirname(files.path), { recursive: true });
  const isNewest =
    lock.isInPlace() &&
    index.readMark()?.stamp === stampOf(files.path) &&
    readJournalHead(files.journal).journal === ledger.head.journal;
  if (!isNewest) throw new Crowded();
  const bytes = serializeLedger(index.rows());
  const digest = sha256Hex(bytes);
  const known = index.readMark();
  let stamp = stampOf(files.path);
  if (known === undefined || known.digest !== digest || known.stamp !== stamp)
    stamp = writeLedgerText(files.path, bytes);
  ledger.passed('ledger-written');
  ledger.head = replaceJournal(files.journal, ledger.head, ownerLines(ledger), isShared);
  ledger.passed('journal-replaced');
  const { journal, size } = ledger.head;
  index.writeMark({ stamp, digest, isYoung: true, journal, offset: size });
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
