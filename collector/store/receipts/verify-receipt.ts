import type { EntryVerdict, ReceiptRecord, ReceiptVerdict } from '../../formats/receipts/record.ts';
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

/** The verdict on a file that should hold a receipt and cannot be read whole. */
export function brokenReceipt(file: string, why: string, nowUs: number): ReceiptVerdict {
  const entry: EntryVerdict = { part: 'receipt', name: file, state: 'changed', why, files: [] };
  return { file, state: 'differs', entries: [entry], checkedAtUs: nowUs };
}

function worstOf(entries: readonly EntryVerdict[]): ReceiptVerdict['state'] {
  const has = (...states: EntryVerdict['state'][]) => entries.some(({ state }) => states.includes(state));
  if (has('changed', 'missing')) return 'differs';
  if (entries.length === 0 || has('uncheckable')) return 'unproven';
  return has('moved') ? 'reproducible' : 'matches';
}
