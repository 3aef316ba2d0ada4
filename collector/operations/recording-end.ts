import { statSync } from 'node:fs';
import type { BookConfig } from '../formats/config/config.ts';
import { isStopped } from '../formats/schedule/recorder.ts';
import { isActionFile, listLogSegments, listSnapshotNames } from '../store/layout.ts';
import { readActions } from '../store/log-reader.ts';
import { newestActions } from '../store/newest-actions.ts';
import { countBookRuns } from '../store/runs/count-runs.ts';
import type { FindOptions } from '../store/runs/find-run-files.ts';
import {
  ActionTimes,
  type RecordingHealth,
  recordingHealth,
  recordingWords,
  rounded,
  shortTime,
} from './health/recording.ts';

/**
 * What is to be said of recording, for a command that shows one snapshot and should not read the whole book: the same
 * words as recordingWords, or the bare fact of the quiet where telling whether it is usual would take too long.
 *
 * The newest action and the names of snapshots mostly settle it. Runs, and the days of the whole log, are only read where
 * the book is quiet for so long that they decide: they can only explain a quiet, never make one.
 */
export async function recordingWordsOfEnd(
  root: string,
  config: Pick<BookConfig, 'schedule' | 'runs'>,
  nowUs: number,
  limits: EndLimits = {},
  build?: string,
): Promise<string[]> {
  const health = (times: ActionTimes, runUs?: number) => recordingHealth(root, config, times, nowUs, runUs);
  const newest = await newestTimes(root);
  const first = await health(newest);
  // Snapshots that stopped have stopped, whatever else there is; only the guess why asks for runs.
  if (!first.silent || (isStopped(first.recorder) && first.recorder.idle === undefined))
    return recordingWords(first);
  const runs = await newestRun(root, { ...config.runs, build }, limits.runs ?? AbortSignal.timeout(5000));
  const second = await health(newest, runs.newestUs);
  if (!second.silent || isStopped(second.recorder)) return recordingWords(second);
  const isSmall = logBytes(root) <= (limits.logBytes ?? 32 * 1024 * 1024);
  if (!runs.isKnown || !isSmall) return bareWords(second, runs.isKnown);
  const all = new ActionTimes();
  await readActions(
    root,
    ({ atUs }) => all.add(atUs),
    () => undefined,
  );
  return recordingWords(await health(all, runs.newestUs));
}

/** How much is read before the bare fact is told. */
export interface EndLimits {
  /** When looking at runs is given up. */
  runs?: AbortSignal;
  /** Bytes of a log that is read whole: 32 MiB take a fraction of a second. */
  logBytes?: number;
}

/** The time of the newest action, found from the end of the log. */
export async function newestTimes(root: string): Promise<ActionTimes> {
  const times = new ActionTimes();
  const { records } = await newestActions(root, newestLooked);
  // Of one day alone: pauses between the newest few would stand for the rhythm of all.
  times.add(records.map(({ atUs }) => atUs).find(Number.isFinite) ?? Number.NaN);
  return times;
}

/** Some have no time, and neighbours in a log are not strictly in order. */
const newestLooked = 20;

async function newestRun(
  root: string,
  options: FindOptions,
  signal: AbortSignal,
): Promise<{ isKnown: boolean; newestUs: number | undefined }> {
  try {
    const { newestUs } = await countBookRuns(root, options, signal);
    return { isKnown: true, newestUs };
  } catch {
    return { isKnown: false, newestUs: undefined };
  }
}

/** About how many bytes reading the whole log would go through. */
function logBytes(root: string): number {
  const names = listSnapshotNames(root);
  const segments = listLogSegments(root, names).map(({ path, compression }) => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return compression === 'none' ? size : size * usualRatio;
  });
  return segments.reduce((sum, bytes) => sum + bytes, names.filter(isActionFile).length * bytesOfFile);
}

/** How many times larger a compressed segment becomes. */
const usualRatio = 12;
/** What opening one file costs, in bytes of a log that could be read in the meantime. */
const bytesOfFile = 10_000;

function bareWords(health: RecordingHealth, areRunsKnown: boolean): string[] {
  const what = areRunsKnown ? 'nothing' : 'no action and no snapshot';
  const quiet = `${what} recorded for ${rounded(health.silentMs)}, since ${shortTime(health.lastUs!)} (daybook summary says whether that is usual here)`;
  return [quiet, ...recordingWords({ ...health, silent: false })];
}
