import type { ReceiptContent, ReceiptRecord } from '../../formats/receipts/record.ts';
import { findStageReceipts } from './find-stage.ts';
import { readReceipt } from './receipt-files.ts';

/** What a receipt says with what it leaves to the run.lock of its sweep: a task has the code and environment of its parent. */
export function effectiveContent(root: string, record: ReceiptRecord): ReceiptContent {
  const parent = parentOf(root, record);
  if (parent === undefined) return record;
  return {
    ...record,
    repos: Object.keys(record.repos).length > 0 ? record.repos : parent.repos,
    environment: record.environment ?? parent.environment,
  };
}

/** The receipt that a task of a sweep names as its parent, where it is in the book. */
export function parentOf(root: string, record: ReceiptRecord): ReceiptRecord | undefined {
  if (record.parent === undefined) return undefined;
  for (const { file } of findStageReceipts(root, record.file, record.parent)) {
    const { record: parent } = readReceipt(root, file);
    if (parent !== undefined) return parent;
  }
  return undefined;
}
