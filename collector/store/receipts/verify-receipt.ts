import type { EntryVerdict, ReceiptRecord, ReceiptVerdict } from '../../formats/receipt-record.ts';
import { verifyCode } from './verify-code.ts';
import { verifyData } from './verify-data.ts';
import { openVerifySession, type VerifyOptions, type VerifySession } from './verify-session.ts';
import { verifyParent, verifyStages } from './verify-stages.ts';

/**
 * Holds a receipt against the world as it is now, entry by entry: code, data, previous stages. Writes nothing but the
 * cache of digests. What cannot be read or found is a state with its reason, never an error. Checks of many receipts
 * share a session, in which the same data and code are looked at once.
 */
export async function verifyReceipt(
  root: string,
  record: ReceiptRecord,
  options: VerifyOptions & { session?: VerifySession } = {},
): Promise<ReceiptVerdict> {
  const session = options.session ?? openVerifySession(root, options);
  try {
    const { entry, parent } = verifyParent(record, session);
    // A task of a sweep has the code of its parent.
    const source = Object.keys(record.repos).length > 0 ? record : (parent ?? record);
    const entries = [
      ...(await verifyCode(source, session)),
      ...(await verifyData(record, session)),
      ...(entry === undefined ? [] : [entry]),
      ...verifyStages(record, session),
    ];
    return { file: record.file, state: worstOf(entries), entries, checkedAtUs: session.nowUs() };
  } finally {
    if (options.session === undefined) await session.close();
  }
}

function worstOf(entries: readonly EntryVerdict[]): ReceiptVerdict['state'] {
  if (entries.some(({ state }) => state === 'changed' || state === 'missing')) return 'differs';
  const isProven = entries.length > 0 && entries.every(({ state }) => state === 'unchanged');
  return isProven ? 'matches' : 'unproven';
}
