import { type DisplayStatus, isFinal } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { countRuns, type RunCounts } from '../../runs/counts.ts';
import { joinRuns } from '../../runs/join.ts';
import { courseOf, timeOfRun } from '../../runs/make.ts';
import { thisWorld } from '../ledger/staleness.ts';
import { type FindOptions, findRunFiles } from './find-run-files.ts';
import { KeptEvidence } from './kept-evidence.ts';
import { keptRuns, type RunsKnown } from './kept-runs.ts';
import { readEvidence, readRuns } from './read-runs.ts';
import { staleNow, staleness } from './stale-runs.ts';

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
  const known = (await keptRuns(root, options))?.known;
  if (known !== undefined) return { ...countsOf(known), ended: known.ended, newestUs: known.newestUs };
  const quiet = () => undefined;
  const files = await findRunFiles(root, options, quiet);
  const kept = new KeptEvidence(root, options.build);
  // What was read until it was given up need not be read the next time.
  const evidence = await readEvidence(root, files, {
    deleted: options.deleted,
    report: quiet,
    signal,
    kept,
  }).finally(() => kept.save());
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

/** Counts the runs of a book as `readRuns` gives them, and reports what it does; the runs themselves are not needed for it. */
export async function auditRuns(
  root: string,
  options: FindOptions,
  report: (finding: Finding) => void,
): Promise<{ counts: RunCounts; newestUs: number | undefined }> {
  const known = (await keptRuns(root, options))?.known;
  if (known === undefined) {
    const runs = await readRuns(root, options, report);
    return { counts: countRuns(runs), newestUs: runs[0]?.atUs };
  }
  const { findings, signs, signsAt, newestUs } = known;
  for (const each of [...findings.slice(0, signsAt), ...staleNow(signs).findings, ...findings.slice(signsAt)])
    report(each);
  return { counts: countsOf(known), newestUs };
}

function countsOf({ byStatus, signs }: RunsKnown): RunCounts {
  const none = countRuns([]);
  const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  return { total, by_status: { ...none.by_status, ...byStatus }, stale: staleNow(signs).stale.size };
}
