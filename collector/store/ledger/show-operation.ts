import type { LedgerKey } from '../../formats/ledger/record.ts';
import { layOutRun, runsEnd } from '../../formats/ledger/serialize.ts';
import { writeWholeLedger } from './fold-ledger.ts';
import type { IndexMark, IndexRow } from './ledger-index.ts';
import { editLedgerEnd } from './ledger-text.ts';
import type { OpenLedger } from './open-ledger.ts';
import { Crowded } from './place-operation.ts';

/**
 * Makes the ledger itself say what an operation has changed, for those who know nothing of its journal: a run's uid is
 * taken for them, too. At its end that costs the same however long it is. Not flushed: the journal is, and knows it all.
 * The caller holds both locks. `before` is the run as the ledger has it, undefined where it is new.
 * @throws Crowded where someone else has changed the ledger after all.
 */
export function showOperation(ledger: OpenLedger, key: LedgerKey, before: IndexRow | undefined): void {
  const { index, files, lock } = ledger;
  const [mark, after] = [index.readMark(), index.find(key)];
  if (mark === undefined || after === undefined || !isAtEnd(mark, after, before)) {
    writeWholeLedger(ledger);
    return;
  }
  if (!lock.isInPlace()) throw new Crowded();
  const edited = editLedgerEnd(files.path, mark.stamp, (end) => editEnd(end, before, after));
  if (edited === 'changed') throw new Crowded();
  if (edited === undefined) {
    writeWholeLedger(ledger);
    return;
  }
  const { journal, size } = ledger.head;
  index.writeMark({ ...mark, ...edited, digest: '', journal, offset: size });
  ledger.passed('ledger-written');
}

/** Whether the run stands among the last ones, or comes behind them, in a ledger that says what the index says. */
function isAtEnd({ text, last }: IndexMark, after: IndexRow, before: IndexRow | undefined): boolean {
  if (last?.identifier !== after.identifier || last.relpath !== after.relpath) return false;
  return text === 'whole' || (text === 'behind' && before === undefined);
}

function editEnd(end: Buffer, before: IndexRow | undefined, after: IndexRow) {
  const run = layOutRun(after.uid, after.record);
  if (before === undefined) {
    const from = end.length - Buffer.byteLength(runsEnd);
    if (end.toString('utf8', from) !== runsEnd) return undefined;
    return { from, bytes: Buffer.from(`,\n${run}${runsEnd}`), isAdded: true };
  }
  const old = Buffer.from(layOutRun(before.uid, before.record));
  const at = end.lastIndexOf(old);
  if (at === -1) return undefined;
  const bytes = Buffer.concat([Buffer.from(run), end.subarray(at + old.length)]);
  let same = 0;
  while (same < bytes.length && bytes[same] === end[at + same]) same++;
  return { from: at + same, bytes: bytes.subarray(same), isAdded: false };
}
