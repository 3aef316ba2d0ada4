import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { isoMicros } from '../base/time.ts';
import type { DisplayStatus } from '../formats/actions/status.ts';
import type { Severity } from '../formats/findings/finding.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import type { RunCounts } from '../runs/counts.ts';
import { auditBook } from '../store/audit.ts';
import { readConfigFile } from '../store/config-file.ts';
import { blobsFolder } from '../store/layout.ts';
import { listPeriodic, periodicIds, readPeriodic } from '../store/periodic-store.ts';
import { countFindings, countLog } from './count-log.ts';
import { type RecordingHealth, recordingHealth } from './health/recording.ts';

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
 * whose newest line says how they stand. `memory` is that of `countLog`.
 */
export async function summarizeBook(
  root: string,
  clock: Clock = systemClock,
  options: { memory?: string | undefined } = {},
): Promise<Summary> {
  const { config } = await readConfigFile(root);
  const snapshots = listPeriodic(root);
  const newest = newestReadable(root);
  const log = await countLog(root, clock, options.memory);
  const { totals, times } = log;
  const { findings, runs, newestRunUs } = await auditBook(root, () => undefined, {
    versions: false,
    build: options.memory,
    readLog: async (checkBlob) => {
      for (const $blob of log.blobs) checkBlob({ blob: { $blob, bytes: 0, preview: '' }, file: '', line: 0 });
      return totals;
    },
  });
  const others = countFindings(findings);
  return {
    total_snapshots: totals.records + snapshots.length,
    action_snapshots: totals.records,
    periodic_snapshots: snapshots.length,
    latest_action: times.lastUs === undefined ? null : times.lastUs / 1e6,
    latest_periodic: newest === undefined ? null : newest.atUs / 1e6,
    actions: log.actions,
    title: config.title ?? null,
    root,
    first_action_at: isoOrNull(times.firstUs),
    latest_action_at: isoOrNull(times.lastUs),
    latest_periodic_at: isoOrNull(newest?.atUs),
    by_status: log.byStatus,
    by_type: log.byType,
    runs,
    recording: await recordingHealth(root, config, times, clock.nowUs(), newestRunUs),
    findings: {
      error: others.error + log.findings.error,
      warning: others.warning + log.findings.warning,
      note: others.note + log.findings.note,
    },
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
  for (const id of periodicIds(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record;
  }
  return undefined;
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
