import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { isoMicros } from '../../base/time.ts';
import { formatDuration } from '../../formats/schedule/duration.ts';
import { countBookRuns } from '../../store/runs/count-runs.ts';
import type { FindOptions } from '../../store/runs/find-run-files.ts';

/** A snapshot that is taken every half hour must not take long; 100,000 runs of one ledger are counted in some three seconds. */
const limitMs = 10_000;

/**
 * The section "runs" of a snapshot: total, by_status, stale, and the newest ten that ended; {"status": "no_runs"} where
 * there are none. What takes too long or fails is left out and says why.
 */
export async function runsSection(
  root: string,
  options: FindOptions,
  signal: AbortSignal = AbortSignal.timeout(limitMs),
): Promise<JsonObject> {
  try {
    const { total, by_status, stale, ended } = await countBookRuns(root, options, signal);
    if (total === 0) return { status: 'no_runs' };
    const newest = ended.map(({ key, status, endedAtUs }) => ({
      key,
      status,
      ended_at: isoMicros(endedAtUs),
    }));
    return { total, by_status, stale, newest_ended: newest };
  } catch (error) {
    if (!signal.aborted) return { error: messageOf(error) };
    return {
      status: 'not_counted',
      reason: `counting was given up after ${formatDuration(limitMs)}; runs.exclude in daybook.yaml leaves folders out`,
    };
  }
}
