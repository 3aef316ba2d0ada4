import { resolve } from 'node:path';
import type { Finding } from '../../formats/findings/finding.ts';
import type { ReceiptVerdict } from '../../formats/receipts/record.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import { brokenReceipt, verifyReceipt } from '../../store/receipts/verify-receipt.ts';
import {
  openVerifySession,
  type VerifyOptions,
  type VerifySession,
} from '../../store/receipts/verify-session.ts';
import { findRunFiles } from '../../store/runs/find-run-files.ts';
import { noReceipt, pathOfReceipt } from './find-receipt.ts';

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
 * Checks receipts one after the other. One that is damaged, so that it cannot be read whole, is a verdict, too; files of
 * other programs that are called run.lock are findings.
 * @throws DaybookError `not-found` where a named path has no run.lock, `bad-input` where it is no receipt.
 */
export async function verifyBook(
  options: VerifyBookOptions,
  effects: VerifyBookEffects = {},
): Promise<{ verdicts: ReceiptVerdict[]; findings: Finding[] }> {
  const { root, paths = [], from = root } = options;
  const findings: Finding[] = [];
  const files =
    paths.length > 0
      ? paths.map((path) => pathOfReceipt(root, path, from))
      : await listReceiptFiles(root, (finding) => findings.push(finding));
  const session = openVerifySession(root, options);
  try {
    const verdicts: ReceiptVerdict[] = [];
    for (const file of files) {
      const read = readReceipt(root, file);
      findings.push(...read.findings);
      const verdict = await verdictOf(root, read, session);
      if (verdict !== undefined) {
        verdicts.push(verdict);
        effects.verified?.(verdict);
      } else if (paths.length > 0) throw noReceipt(root, resolve(root, file), read.findings[0]);
    }
    return { verdicts, findings };
  } finally {
    await session.close();
  }
}

/** Undefined for what is no receipt and was none. */
async function verdictOf(
  root: string,
  { record, findings }: ReturnType<typeof readReceipt>,
  session: VerifySession,
): Promise<ReceiptVerdict | undefined> {
  const damage = findings.find(({ severity }) => severity === 'error');
  const verdict = record && (await verifyReceipt(root, record, { session }));
  const broken =
    record === undefined ? (damage ?? findings.find(({ severity }) => severity !== 'note')) : damage;
  if (broken === undefined) return verdict;
  const at = broken.line === undefined ? '' : ` (line ${broken.line})`;
  const why = `expected ${broken.expected}, found ${broken.found}${at}`;
  const { entries, ...rest } = brokenReceipt(broken.file, why, session.nowUs());
  return { ...rest, entries: [...entries, ...(verdict?.entries ?? [])] };
}

async function listReceiptFiles(root: string, report: (finding: Finding) => void): Promise<string[]> {
  const { config } = await readConfigFile(root);
  return (await findRunFiles(root, config.runs, report)).bySource['receipt']!;
}
