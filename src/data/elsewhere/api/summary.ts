import type { SiteBook } from '../../book/types.ts';
import { isoMicros } from '../../browser.ts';
import { recording } from '../../overview/recording.ts';

const listedTypes = 10;
const maxFindings = 2000;

/** api/summary.json: the keys of `daybook summary --json`, without the folder, which concerns nobody else. */
export function summaryJson(book: SiteBook): object {
  const { actions, snapshots, runs, files } = book;
  const readable = actions.total + actions.joined;
  const newest = snapshots.at(-1);
  const log = files.filter(({ lines }) => lines !== undefined);
  return {
    total_snapshots: readable + snapshots.length,
    action_snapshots: readable,
    periodic_snapshots: snapshots.length,
    latest_action: actions.lastUs === undefined ? null : actions.lastUs / 1e6,
    latest_periodic: newest === undefined ? null : newest.atUs / 1e6,
    actions: actions.total,
    title: book.title,
    first_action_at: timeOf(actions.firstUs),
    latest_action_at: timeOf(actions.lastUs),
    latest_periodic_at: timeOf(newest?.atUs),
    by_status: actions.byStatus,
    by_type: actions.types.slice(0, listedTypes).map(({ value, count }) => ({ type: value, count })),
    runs: { total: runs.total, by_status: runs.byStatus, stale: runs.staleTotal },
    recording: recordingJson(book),
    findings: countsOf(book.findings),
    log: { files: log.length, lines: actions.lines, broken: actions.broken, repeated: actions.repeated },
    bytes: {
      log: log.reduce((sum, { bytes }) => sum + bytes, 0),
      periodic: snapshots.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    site: {
      built_at: timeOf(book.builtAtUs),
      version: book.version,
      address: book.elsewhere.address ?? null,
      repository: book.repository ?? null,
      versions: book.versions.total,
    },
  };
}

/** api/findings.json: the keys of `daybook doctor --json`, bounded. */
export function findingsJson(findings: SiteBook['findings']): object {
  return {
    findings: findings.slice(0, maxFindings),
    counts: countsOf(findings),
    left: Math.max(0, findings.length - maxFindings),
  };
}

function recordingJson(book: SiteBook): object {
  const { recorder, silent, silentMs } = recording(book);
  const { coverage } = book;
  const gap = coverage?.gaps[0];
  return {
    state: recorder.state,
    newest_snapshot: timeOf(recorder.newestUs),
    overdue: recorder.overdue,
    overdue_since: timeOf(recorder.overdueSinceUs),
    silent,
    silent_ms: Number.isFinite(silentMs) ? silentMs : 0,
    expected: coverage?.expected ?? null,
    due: coverage === undefined ? 0 : coverage.kept + coverage.missed,
    missed: coverage?.missed ?? 0,
    last_gap:
      gap === undefined ? null : { from: timeOf(gap.fromUs), to: timeOf(gap.toUs), missed: gap.missed },
  };
}

function countsOf(findings: SiteBook['findings']): Record<SiteBook['findings'][number]['severity'], number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function timeOf(us: number | undefined): string | null {
  return us === undefined || !Number.isFinite(us) ? null : isoMicros(us);
}
