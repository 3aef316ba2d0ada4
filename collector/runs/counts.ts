import { type DisplayStatus, displayStatuses } from '../formats/actions/status.ts';
import type { RunRecord } from './record.ts';

/** How many runs there are, and how they stand. */
export interface RunCounts {
  total: number;
  by_status: Record<DisplayStatus, number>;
  /** Of those that say "running", how many most likely are not. */
  stale: number;
}

/** Counts runs by status. */
export function countRuns(runs: readonly Pick<RunRecord, 'status' | 'stale'>[]): RunCounts {
  const byStatus = Object.fromEntries(displayStatuses.map((status) => [status, 0])) as RunCounts['by_status'];
  let stale = 0;
  for (const run of runs) {
    byStatus[run.status] += 1;
    if (run.stale !== undefined) stale += 1;
  }
  return { total: runs.length, by_status: byStatus, stale };
}
