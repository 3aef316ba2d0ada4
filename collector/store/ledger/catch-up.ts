import { sha256Hex } from '../../base/hash.ts';
import { readRecordedIfAny } from '../recorded-file.ts';
import { type Adopted, adoptLedger } from './adopt-ledger.ts';
import { type JournalHead, readJournalFrom } from './journal-file.ts';
import type { IndexMark } from './ledger-index.ts';
import { isYoung, stampOf } from './ledger-text.ts';
import { noteMoved } from './moved-runs.ts';
import type { OpenLedger } from './open-ledger.ts';

/**
 * Makes the index follow the text, where anything in it is not what the index knows. `head` is the journal as it is now;
 * `mayFold` says whether the ledger could be written whole at once.
 */
export async function catchUp(ledger: OpenLedger, head: JournalHead, mayFold: boolean): Promise<Adopted> {
  const { index, files } = ledger;
  const mark = index.readMark();
  if (mark !== undefined && isCurrent(ledger, mark, head)) {
    ledger.head = { ...head, size: mark.offset };
    return 'current';
  }
  const { adopted, renumbered } = await adoptLedger(index, files, { isLocked: mayFold, mayFold }, (text) =>
    ledger.note(text),
  );
  noteMoved(ledger, renumbered);
  if (adopted !== 'fold-first') ledger.head = { ...head, size: index.readMark()?.offset ?? 0 };
  return adopted;
}

function isCurrent({ index, files }: OpenLedger, mark: IndexMark, head: JournalHead): boolean {
  if (mark.journal !== head.journal || mark.offset > head.size) return false;
  // A dead writer's fragment has no newline; whole lines are operations the index does not know.
  if (head.size > mark.offset && readJournalFrom(files.journal, mark.offset).includes(10)) return false;
  if (mark.stamp !== stampOf(files.path)) return false;
  if (!mark.isYoung) return true;
  const isStillYoung = isYoung(files.path);
  const bytes = readRecordedIfAny(files.path);
  if ((bytes === undefined ? '' : sha256Hex(bytes)) !== mark.digest) return false;
  if (!isStillYoung) index.writeMark({ ...mark, isYoung: false });
  return true;
}
