import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isoMicros } from '../base/time.ts';
import type { Finding, Severity } from '../formats/finding.ts';
import type { SnapshotRecord } from '../formats/periodic.ts';
import { type DisplayStatus, displayStatuses } from '../formats/status.ts';
import { auditBook } from '../store/audit.ts';
import { readConfigFile } from '../store/config-file.ts';
import { blobsFolder } from '../store/layout.ts';
import { readActions } from '../store/log-reader.ts';
import { listPeriodic, readPeriodic } from '../store/periodic-store.ts';

/** The counts of a book. The first five keys are the original's, with its units (seconds since 1970). */
export interface Summary {
  total_snapshots: number;
  action_snapshots: number;
  periodic_snapshots: number;
  latest_action: number | null;
  latest_periodic: number | null;
  title: string | null;
  root: string;
  first_action_at: string | null;
  latest_action_at: string | null;
  latest_periodic_at: string | null;
  by_status: Record<DisplayStatus, number>;
  /** The ten most frequent types. */
  by_type: { type: string; count: number }[];
  findings: Record<Severity, number>;
  log: { files: number; lines: number; broken: number; repeated: number };
  bytes: { log: number; periodic: number; blobs: number };
}

/** Counts everything in a book. Each line counts, also where several lines are one action. */
export async function summarizeBook(root: string): Promise<Summary> {
  const { config } = await readConfigFile(root);
  const counts = await countActions(root);
  const snapshots = listPeriodic(root);
  const newest = newestReadable(root);
  const { findings } = await auditBook(root);
  const { totals } = counts;
  return {
    total_snapshots: counts.records + snapshots.length,
    action_snapshots: counts.records,
    periodic_snapshots: snapshots.length,
    latest_action: counts.latestUs === undefined ? null : counts.latestUs / 1e6,
    latest_periodic: newest === undefined ? null : newest.atUs / 1e6,
    title: config.title ?? null,
    root,
    first_action_at: isoOrNull(counts.firstUs),
    latest_action_at: isoOrNull(counts.latestUs),
    latest_periodic_at: isoOrNull(newest?.atUs),
    by_status: counts.byStatus,
    by_type: counts.byType,
    findings: countFindings(findings),
    log: {
      files: totals.files.length,
      lines: totals.lines,
      broken: totals.broken,
      repeated: totals.repeated,
    },
    bytes: {
      log: totals.bytes,
      periodic: snapshots.reduce((sum, { bytes }) => sum + bytes, 0),
      blobs: folderBytes(blobsFolder(root)),
    },
  };
}

/** The newest snapshot that can be read; damaged ones are counted but say no time. */
export function newestReadable(root: string): SnapshotRecord | undefined {
  for (const { id } of listPeriodic(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** How many findings there are of each severity. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

async function countActions(root: string) {
  const byStatus = Object.fromEntries(displayStatuses.map((status) => [status, 0])) as Record<
    DisplayStatus,
    number
  >;
  const types = new Map<string, number>();
  let records = 0;
  let firstUs: number | undefined;
  let latestUs: number | undefined;
  const totals = await readActions(
    root,
    ({ atUs, status, type }) => {
      records += 1;
      byStatus[status] += 1;
      types.set(type, (types.get(type) ?? 0) + 1);
      if (Number.isNaN(atUs)) return;
      if (firstUs === undefined || atUs < firstUs) firstUs = atUs;
      if (latestUs === undefined || atUs > latestUs) latestUs = atUs;
    },
    () => undefined,
  );
  const byType = [...types]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
    .slice(0, 10);
  return { records, firstUs, latestUs, byStatus, byType, totals };
}

function isoOrNull(us: number | undefined): string | null {
  return us === undefined || Number.isNaN(us) ? null : isoMicros(us);
}

function folderBytes(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch {
    return 0;
  }
}
