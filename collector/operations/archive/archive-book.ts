import type { Clock } from '../../base/clock.ts';
import type { RetentionPolicy } from '../../formats/versions/retention.ts';
import { createQuarantine, type Repair } from '../../store/quarantine.ts';
import { type ArchivedLog, archiveLog, planArchive } from '../../store/segments/archive-log.ts';
import { type ArchivedSnapshots, archiveSnapshots } from '../../store/segments/archive-snapshots.ts';
import type { ArchiveRule } from '../../store/segments/groups.ts';
import { repairLog } from '../health/repair-log.ts';
import { dropReturnedLines } from '../redact/redact-log.ts';
import { settleRollups } from '../redact/redact-rollup.ts';
import { settleSnapshots } from '../redact/redact-snapshot.ts';

/** What is archived: months or so many bytes of the log, and what stays in it. */
export interface ArchiveOptions {
  by: ArchiveRule['by'];
  keepMs: number;
  /** Only finds out what would be done. */
  dryRun: boolean;
  clock: Clock;
  /** The name of this build of Daybook, where what it kept of snapshots may be used. */
  build?: string | undefined;
  /** What thins snapshots; without a rule all are kept. */
  retention?: RetentionPolicy;
}

/** What archiving came to, and what was mended before. */
export interface ArchivedBook extends ArchivedLog {
  snapshots: ArchivedSnapshots & {
    /** How many were thinned out by retention rules, or would be; roll-ups tell of them. */
    thinned: number;
  };
  repairs: Repair[];
}

/**
 * Moves old lines of the log, and the files of old snapshots, into compressed segments. What writers left that were stopped is moved to the quarantine
 * first: where such a piece stands in the log tells that nothing is missing, and lines move when others go.
 */
export async function archiveBook(root: string, options: ArchiveOptions): Promise<ArchivedBook> {
  const { by, keepMs, dryRun, clock, build } = options;
  const rule = { by, beforeUs: clock.nowUs() - keepMs * 1000 };
  const archived = dryRun
    ? { ...(await planArchive(root, rule)), repairs: [] }
    : await archiveLines(root, rule, clock);
  if (!dryRun) await settleSnapshots(root);
  if (!dryRun) await settleRollups(root);
  const thinned = await thin(root, options);
  const snapshots = await archiveSnapshots(root, {
    beforeUs: rule.beforeUs,
    dryRun,
    build,
    gone: new Set(thinned),
  });
  return { ...archived, snapshots: { ...snapshots, thinned: thinned.length } };
}

/** Takes the snapshots away that the rules do not keep, and leaves roll-ups of them; gives their ids. */
async function thin(root: string, { retention = {}, dryRun, clock }: ArchiveOptions): Promise<string[]> {
  if (retention.count === undefined && retention.ageMs === undefined && retention.thin !== true) return [];
  const { openVersions } = await import('../versions/book-versions.ts');
  const versions = openVersions(root, { clock });
  try {
    const { removed } = await versions.prunePeriodic(retention, { dryRun, rollUp: true });
    return removed.map(({ id }) => id);
  } finally {
    await versions.close();
  }
}

async function archiveLines(
  root: string,
  rule: ArchiveRule,
  clock: Clock,
): Promise<Omit<ArchivedBook, 'snapshots'>> {
  await dropReturnedLines(root);
  const first = await archiveLog(root, rule, true);
  if (first.odd === 0) return { ...first, repairs: [] };
  const repairs = await repairLog(root, createQuarantine(root, clock));
  return { ...(await archiveLog(root, rule, false)), repairs };
}
