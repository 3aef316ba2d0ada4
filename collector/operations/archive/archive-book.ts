import type { Clock } from '../../base/clock.ts';
import { createQuarantine, type Repair } from '../../store/quarantine.ts';
import { type ArchivedLog, archiveLog, planArchive } from '../../store/segments/archive-log.ts';
import type { ArchiveRule } from '../../store/segments/groups.ts';
import { repairLog } from '../health/repair-log.ts';
import { dropReturnedLines } from '../redact/redact-log.ts';

/** What is archived: months or so many bytes of the log, and what stays in it. */
export interface ArchiveOptions {
  by: ArchiveRule['by'];
  keepMs: number;
  /** Only finds out what would be done. */
  dryRun: boolean;
  clock: Clock;
}

/** What archiving came to, and what was mended before. */
export interface ArchivedBook extends ArchivedLog {
  repairs: Repair[];
}

/**
 * Moves old lines of the log into compressed segments. What writers left that were stopped is moved to the quarantine
 * first: where such a piece stands in the log tells that nothing is missing, and lines move when others go.
 */
export async function archiveBook(root: string, options: ArchiveOptions): Promise<ArchivedBook> {
  const { by, keepMs, dryRun, clock } = options;
  const rule = { by, beforeUs: clock.nowUs() - keepMs * 1000 };
  if (dryRun) return { ...(await planArchive(root, rule)), repairs: [] };
  await dropReturnedLines(root);
  const first = await archiveLog(root, rule, true);
  if (first.odd === 0) return { ...first, repairs: [] };
  const repairs = await repairLog(root, createQuarantine(root, clock));
  return { ...(await archiveLog(root, rule, false)), repairs };
}
