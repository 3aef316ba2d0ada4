import type { EntryVerdict, ReceiptRecord, ReceiptStage } from '../../formats/receipts/record.ts';
import { sameStageContent, saysSomething } from '../../formats/receipts/stage.ts';
import { parentOf } from './effective-receipt.ts';
import { findStageReceipts } from './find-stage.ts';
import { readReceipt, replacedReceipts } from './receipt-files.ts';
import type { VerifySession } from './verify-session.ts';

type Verdict = Omit<EntryVerdict, 'part' | 'name'>;

const maxStages = 500;

/** Whether the run.lock of each previous stage is still there and says what it said; ancestors of stages included. */
export function verifyStages(record: ReceiptRecord, session: VerifySession): EntryVerdict[] {
  const entries: EntryVerdict[] = [];
  const visit = (stages: readonly ReceiptStage[], prefix: string, depth: number) => {
    for (const stage of stages) {
      if (entries.length >= maxStages || depth > 50) return;
      entries.push({ part: 'stage', name: prefix + stage.name, ...verifyStage(stage, record, session) });
      visit(stage.content.previous, `${prefix}${stage.name}/`, depth + 1);
    }
  };
  visit(record.previous, '', 0);
  return entries;
}

function verifyStage(stage: ReceiptStage, record: ReceiptRecord, session: VerifySession): Verdict {
  const place = stage.path ?? stage.name;
  const found = findStageReceipts(session.root, record.file, place);
  const receipts = found.flatMap(({ file, isSure }) => {
    const { record: receipt } = readReceipt(session.root, file);
    return receipt === undefined ? [] : [{ receipt, isSure }];
  });
  if (stage.digest !== undefined) {
    if (receipts.some(({ receipt }) => receipt.digest === stage.digest)) return unchanged();
    const older = found.flatMap(({ file }) => replacedReceipts(session.root, file));
    const kept = older.find((file) => readReceipt(session.root, file).record?.digest === stage.digest);
    if (kept !== undefined) return unchanged(`another one stands there since; it is kept: ${kept}`);
  } else if (!saysSomething(stage.content)) {
    if (receipts.length > 0) return { state: 'uncheckable', why: 'only its path is recorded', files: [] };
  } else if (receipts.some(({ receipt }) => sameStageContent(stage.content, receipt))) {
    return unchanged('by what the receipt repeats of it');
  }
  // A run.lock that only has the same name may be another stage's.
  const other = stage.path === undefined ? undefined : receipts.find(({ isSure }) => isSure);
  if (other !== undefined) {
    const why = `${other.receipt.file} is not the one that was used`;
    return { state: 'changed', why, files: [{ path: other.receipt.file, change: 'changed' }] };
  }
  return { state: 'missing', why: `no run.lock of it is at ${place}`, files: [] };
}

function unchanged(why?: string): Verdict {
  return { state: 'unchanged', why, files: [] };
}

/** The run.lock of the sweep that a task belongs to; only its path was recorded. */
export function verifyParent(
  record: ReceiptRecord,
  session: VerifySession,
): { entry?: EntryVerdict; parent?: ReceiptRecord } {
  if (record.parent === undefined) return {};
  const parent = parentOf(session.root, record);
  const verdict: Verdict =
    parent === undefined
      ? { state: 'missing', why: `no run.lock is at ${record.parent}`, files: [] }
      : { state: 'uncheckable', why: 'only its path is recorded', files: [] };
  return { entry: { part: 'stage', name: 'parent', ...verdict }, ...(parent !== undefined && { parent }) };
}
