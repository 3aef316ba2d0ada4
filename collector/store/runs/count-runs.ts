import { countRuns, type RunCounts } from '../../formats/run-counts.ts';
import { joinRuns } from '../../formats/run-join.ts';
import { statusOfRun } from '../../formats/run-make.ts';
import { displayStatusOf } from '../../formats/status.ts';
import { thisWorld } from '../ledger/staleness.ts';
import { type FindOptions, findRunFiles } from './find-run-files.ts';
import { readParts } from './read-runs.ts';
import { staleness } from './stale-runs.ts';

/**
 * Counts the runs of a book by status: the same numbers as counting what readRuns gives, in some half of the time,
 * because nothing else of them is made out.
 * @throws the reason of `signal` when it aborts.
 */
export async function countBookRuns(
  root: string,
  options: FindOptions = {},
  signal?: AbortSignal,
): Promise<RunCounts> {
  const quiet = () => undefined;
  const files = await findRunFiles(root, options, quiet);
  const parts = await readParts(root, files, quiet, signal);
  const world = thisWorld();
  const runs = joinRuns(parts, quiet).map((joined) => ({
    status: displayStatusOf(statusOfRun(joined).statusWord),
    stale: staleness(joined, world),
  }));
  signal?.throwIfAborted();
  return countRuns(runs);
}
