import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { countRuns, type RunCounts } from '../runs/counts.ts';
import { apart } from './apart.ts';
import { resolveDetails } from './blobs.ts';
import { readConfigFile } from './config-file.ts';
import { latestPeriodicPath } from './layout.ts';
import { listLeftovers } from './leftovers.ts';
import { type LogTotals, readActions } from './log-reader.ts';
import { readPeriodicFacts } from './periodic-facts.ts';
import { findNewest } from './periodic-store.ts';
import { obstacleAt, readRecordedIfAny } from './recorded-file.ts';
import { auditRuns } from './runs/count-runs.ts';
import { checkArchived } from './segments/archive-snapshots.ts';
import { checkRollups } from './segments/read-rollups.ts';
import { auditVersions } from './versions/audit-versions.ts';

/** What looking through a whole book came to. */
export interface Audit {
  findings: Finding[];
  totals: LogTotals;
  snapshots: number;
  runs: RunCounts;
  /** Time of the newest run, microseconds since 1970 UTC. */
  newestRunUs: number | undefined;
  versions: number;
}

/** How much is looked at. */
export interface AuditOptions {
  versions?: boolean;
  readLog?: (checkBlob: CheckBlob, report: (finding: Finding) => void) => Promise<LogTotals>;
  /** The name of this build of Daybook, where what it kept of files may be used instead of reading them. */
  build?: string | undefined;
}

/** Makes sure that details which lie outside of the log are there and whole. */
type CheckBlob = (record: Pick<ActionRecord, 'blob' | 'file' | 'line'>) => void;

/**
 * Reads everything in a book once and lists what was noticed; `visit` gets every action. Writes nothing. The content of
 * versions is only checked where asked for, because that reads every one. `readLog` stands in for reading the log: it hands
 * on the records whose details lie outside of it, and says what the log came to.
 */
export async function auditBook(
  root: string,
  visit: (record: ActionRecord) => void = () => undefined,
  options: AuditOptions = {},
): Promise<Audit> {
  const findings: Finding[] = [];
  const report = (finding: Finding) => findings.push(finding);
  const { config, findings: configFindings } = await readConfigFile(root);
  findings.push(...configFindings);
  const checkBlob: CheckBlob = ({ blob, file, line }) => {
    const { finding } = blob === undefined ? {} : resolveDetails(root, { ...blob });
    if (finding !== undefined) report({ ...finding, file, line, path: finding.file });
  };
  const readLog = () =>
    readActions(
      root,
      (record) => {
        visit(record);
        checkBlob(record);
      },
      report,
    );
  const totals = await (options.readLog ?? readLog)(checkBlob, report);
  let snapshots = 0;
  const folder = 'snapshots';
  await apart(folder, () => readPeriodicFacts(root, options.build, () => snapshots++, report), report);
  const checksContent = options.versions ?? true;
  const versions = await apart('snapshots/store', () => auditVersions(root, report, checksContent), report);
  for (const check of [checkLatest, checkArchived, checkRollups, listLeftovers])
    findings.push(...((await apart(folder, () => check(root), report)) ?? []));
  const runs = await apart(
    '.',
    () => auditRuns(root, { ...config.runs, build: options.build }, report),
    report,
  );
  return {
    findings,
    totals,
    snapshots,
    runs: runs?.counts ?? countRuns([]),
    newestRunUs: runs?.newestUs,
    versions: versions ?? 0,
  };
}

/** latest_periodic.json must be the newest snapshot, byte for byte. */
export function checkLatest(root: string): Finding[] {
  const newest = findNewest(root);
  if (newest === undefined) return [];
  const path = latestPeriodicPath(root);
  const obstacle = obstacleAt(path);
  const latest = obstacle === undefined ? readRecordedIfAny(path) : undefined;
  if (latest?.equals(newest.bytes) === true) return [];
  return [
    {
      code: 'latest-differs',
      severity: 'warning',
      file: 'snapshots/latest_periodic.json',
      expected: `a copy of snapshots/${newest.name}`,
      found: obstacle ?? (latest === undefined ? 'no such file' : 'something else'),
      hint: 'Take a snapshot, or run `daybook doctor --repair`.',
    },
  ];
}
