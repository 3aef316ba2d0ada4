import type { Clock } from '../base/clock.ts';
import type { Finding } from '../formats/finding.ts';
import { auditBook } from '../store/audit.ts';
import type { LogTotals } from '../store/log-reader.ts';
import { type Repair, repairBook } from './repair.ts';
import { examineGit, repairGit } from './sync/examine-git.ts';

/** What doctor found, and what it mended before looking. */
export interface Examination {
  findings: Finding[];
  totals: LogTotals;
  repairs: Repair[];
}

/** Checks the whole book; with `repair` it first mends what can be mended without losing a byte. */
export async function examineBook(
  root: string,
  options: { repair: boolean; clock: Clock },
): Promise<Examination> {
  const repairs = options.repair
    ? [...(await repairBook(root, options.clock)), ...(await repairGit(root))]
    : [];
  const { findings, totals } = await auditBook(root);
  return { findings: [...findings, ...(await examineGit(root))], totals, repairs };
}
