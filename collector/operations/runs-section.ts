import { messageOf } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { formatDuration } from '../formats/duration.ts';
import { countBookRuns } from '../store/runs/count-runs.ts';

/** A snapshot that is taken every half hour must not take long; 100,000 runs of one ledger are counted in some three seconds. */
const limitMs = 10_000;

/**
 * The section "runs" of a snapshot: total, by_status, stale; {"status": "no_runs"} where there are none. What takes too
 * long or fails is left out and says why.
 */
export async function runsSection(
  root: string,
  exclude: readonly string[],
  signal: AbortSignal = AbortSignal.timeout(limitMs),
): Promise<JsonObject> {
  try {
    const { total, by_status, stale } = await countBookRuns(root, { exclude }, signal);
    return total === 0 ? { status: 'no_runs' } : { total, by_status, stale };
  } catch (error) {
    if (!signal.aborted) return { error: messageOf(error) };
    return {
      status: 'not_counted',
      reason: `counting was given up after ${formatDuration(limitMs)}; runs.exclude in daybook.yaml leaves folders out`,
    };
  }
}
