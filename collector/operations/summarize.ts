import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { isoMicros } from '../base/time.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { type DisplayStatus, displayStatuses } from '../formats/actions/status.ts';
import type { Finding, Severity } from '../formats/findings/finding.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import type { RunCounts } from '../runs/counts.ts';
import { auditBook } from '../store/audit.ts';
import { readConfigFile } from '../store/config-file.ts';
import { blobsFolder } from '../store/layout.ts';
import { listPeriodic, readPeriodic } from '../store/periodic-store.ts';
import { ActionTimes, type RecordingHealth, recordingHealth } from './health/recording.ts';

/** The counts of a book. The first five keys are the original's, with its units (seconds since 1970). */
export interface Summary {
  total_snapshots: number;
  action_snapshots: number;
  periodic_snapshots: number;
  latest_action: number | null;
  latest_periodic: number | null;
  /** Lines with the same action id are one action. */
  actions: number;
  title: string | null;
  root: string;
  first_action_at: string | null;
  latest_action_at: string | null;
  latest_periodic_at: string | null;
  by_status: Record<DisplayStatus, number>;
  /** The ten most frequent types. */
  by_type: { type: string; count: number }[];
  runs: RunCounts;
  /** Whether recording has fallen silent, and which snapshots of the schedule were missed in the last seven days. */
  recording: RecordingHealth;
  findings: Record<Severity, number>;
  log: { files: number; lines: number; broken: number; repeated: number };
  bytes: { log: number; periodic: number; blobs: number };
}

/**
 * Counts everything in a book. The original's keys count lines; `actions`, `by_status` and `by_type` count actions,
 * whose newest line says how they stand.
 */
export async function summarizeBook(root: string, clock: Clock = systemClock): Promise<Summary> {
  const { config } = await readConfigFile(root);
  const counter = createCounter();
  const snapshots = listPeriodic(root);
  const newest = newestReadable(root);
  const { findings, totals, runs, newestRunUs } = await auditBook(root, (record) => counter.visit(record), {
    versions: false,
  });
  const counts = counter.result();
  return {
    total_snapshots: totals.records + snapshots.length,
    action_snapshots: totals.records,
    periodic_snapshots: snapshots.length,
    latest_action: counts.times.lastUs === undefined ? null : counts.times.lastUs / 1e6,
    latest_periodic: newest === undefined ? null : newest.atUs / 1e6,
    actions: counts.actions,
    title: config.title ?? null,
    root,
    first_action_at: isoOrNull(counts.times.firstUs),
    latest_action_at: isoOrNull(counts.times.lastUs),
    latest_periodic_at: isoOrNull(newest?.atUs),
    by_status: counts.byStatus,
    by_type: counts.byType,
    runs,
    recording: await recordingHealth(root, config, counts.times, clock.nowUs(), newestRunUs),
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
function newestReadable(root: string): SnapshotRecord | undefined {
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

/** What is counted of one action: that of its newest line. */
type Counted = Pick<ActionRecord, 'status' | 'type' | 'atUs'>;

/** Counts actions as they are visited; of several lines of one action the newest gives type and status. */
function createCounter() {
  const statuses = Object.fromEntries(displayStatuses.map((status) => [status, 0])) as Record<
    DisplayStatus,
    number
  >;
  const types = new Map<string, number>();
  const byId = new Map<string, Counted>();
  const times = new ActionTimes();
  const count = ({ status, type }: Counted, by: 1 | -1) => {
    statuses[status] += by;
    types.set(type, (types.get(type) ?? 0) + by);
  };
  const total = () => Object.values(statuses).reduce((sum, each) => sum + each, 0);
  return {
    visit({ actionId, status, type, atUs }: ActionRecord): void {
      times.add(atUs);
      const known = actionId === undefined ? undefined : byId.get(actionId);
      if (known !== undefined && known.atUs > atUs) return;
      if (known !== undefined) count(known, -1);
      count({ status, type, atUs }, 1);
      if (actionId !== undefined) byId.set(actionId, { status, type, atUs });
    },
    result: () => ({ times, actions: total(), byStatus: statuses, byType: mostFrequent(types) }),
  };
}

function mostFrequent(types: Map<string, number>): { type: string; count: number }[] {
  return [...types]
    .filter(([, count]) => count > 0)
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
    .slice(0, 10);
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
