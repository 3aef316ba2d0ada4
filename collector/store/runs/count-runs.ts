import { type DisplayStatus, isFinal } from '../../formats/actions/status.ts';
import { countRuns, type RunCounts } from '../../runs/counts.ts';
import { joinRuns } from '../../runs/join.ts';
import { courseOf, timeOfRun } from '../../runs/make.ts';
import { thisWorld } from '../ledger/staleness.ts';
import { type FindOptions, findRunFiles } from './find-run-files.ts';
import { KeptEvidence } from './kept-evidence.ts';
import { readEvidence } from './read-runs.ts';
import { staleness } from './stale-runs.ts';

/** A run that is over. */
export interface EndedRun {
  key: string;
  status: DisplayStatus;
  endedAtUs: number;
}

const maxEnded = 10;

/**
 * Counts the runs of a book by status: the same numbers as counting what readRuns gives, in some half of the time,
 * because nothing else of them is made out. `ended` are the newest ten that ended at a known time, newest first;
 * `newestUs` is the time of the newest of all.
 * @throws the reason of `signal` when it aborts.
 */
export async function countBookRuns(
  root: string,
  options: FindOptions = {},
  signal?: AbortSignal,
): Promise<RunCounts & { ended: EndedRun[]; newestUs: number | undefined }> {
  const quiet = () => undefined;
  const files = await findRunFiles(root, options, quiet);
  const kept = new KeptEvidence(root, options.build);
  // What was read until it was given up need not be read the next time.
  const evidence = await readEvidence(root, files, { report: quiet, signal, kept }).finally(() =>
    kept.save(),
  );
  const world = thisWorld();
  const ended: EndedRun[] = [];
  let newestUs: number | undefined;
  const runs = joinRuns(evidence, quiet).map((joined) => {
    const { status, endedAtUs: endUs } = courseOf(joined);
    const atUs = timeOfRun(joined);
    if (atUs !== undefined && !(atUs <= (newestUs ?? Number.NEGATIVE_INFINITY))) newestUs = atUs;
    const endedAtUs = isFinal(status) ? endUs : undefined;
    if (endedAtUs !== undefined) ended.push({ key: joined.key, status, endedAtUs });
    return { status, stale: staleness(joined, world) };
  });
  signal?.throwIfAborted();
  ended.sort((a, b) => b.endedAtUs - a.endedAtUs);
  return { ...countRuns(runs), ended: ended.slice(0, maxEnded), newestUs };
}
