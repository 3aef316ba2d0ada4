import type { Finding } from '../../formats/finding.ts';
import type { ReceiptRecord, ReceiptVerdict } from '../../formats/receipt-record.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import { verifyReceipt } from '../../store/receipts/verify-receipt.ts';
import { openVerifySession, type VerifyOptions } from '../../store/receipts/verify-session.ts';
import { findRunFiles } from '../../store/runs/find-run-files.ts';
import { getReceipt } from './find-receipt.ts';

/** Which receipts to check: files or folders that hold a run.lock, as a person wrote them; without any, all of the book. */
export interface VerifyBookOptions extends VerifyOptions {
  root: string;
  paths?: readonly string[];
  /** Where relative paths start. */
  from?: string;
}

/** What a check tells while it goes on. */
export interface VerifyBookEffects {
  /** Called for each receipt as soon as it is checked. */
  verified?: (verdict: ReceiptVerdict) => void;
}

/**
 * Checks receipts one after the other. Without paths, files that cannot be read are findings and the rest is checked.
 * @throws DaybookError `not-found` where a named path has no run.lock, `bad-input` where it is no receipt.
 */
export async function verifyBook(
  options: VerifyBookOptions,
  effects: VerifyBookEffects = {},
): Promise<{ verdicts: ReceiptVerdict[]; findings: Finding[] }> {
  const { root, paths = [], from = root } = options;
  const findings: Finding[] = [];
  const records =
    paths.length > 0
      ? paths.map((path) => getReceipt(root, path, from))
      : await listReceipts(root, (finding) => findings.push(finding));
  const session = openVerifySession(root, options);
  try {
    const verdicts: ReceiptVerdict[] = [];
    for (const record of records) {
      const verdict = await verifyReceipt(root, record, { session });
      verdicts.push(verdict);
      effects.verified?.(verdict);
    }
    return { verdicts, findings };
  } finally {
    await session.close();
  }
}

/** All receipts of a book that can be read, by path; what cannot is reported. */
export async function listReceipts(
  root: string,
  report: (finding: Finding) => void,
): Promise<ReceiptRecord[]> {
  const { config } = await readConfigFile(root);
  const { receipts } = await findRunFiles(root, { exclude: config.runs.exclude }, report);
  return receipts.flatMap((file) => {
    const { record, findings } = readReceipt(root, file);
    for (const finding of findings) report(finding);
    return record === undefined ? [] : [record];
  });
}
