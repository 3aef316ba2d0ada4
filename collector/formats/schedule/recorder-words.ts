import { formatClock, formatDay } from '../../base/format/time.ts';
import { inWords, sentence } from '../../base/format/words.ts';
import type { Recorder } from './recorder.ts';

/**
 * What is wrong with the recorder as one sentence without its full stop; undefined where nothing is. `zone` stands behind
 * times, where the place does not name it otherwise.
 */
export function recorderSentence(
  recorder: Recorder,
  nowUs: number,
  zone: '' | ' UTC' = '',
): string | undefined {
  const { state, newestUs, overdue, overdueSinceUs } = recorder;
  if (state === 'silent' || state === 'disabled') return `Snapshots stopped ${when(newestUs, nowUs)}${zone}`;
  if (state !== 'late') return undefined;
  const since = when(overdueSinceUs, nowUs).replace(/^on /, '') + zone;
  return overdue === 1
    ? `The snapshot of ${since} is overdue`
    : `${sentence(inWords(overdue, 'snapshot'))} are overdue, the first since ${since}`;
}

/** That GitHub has probably disabled the schedule, why that is guessed, and what to do; undefined where it is not. */
export function disabledText({ idle }: Pick<Recorder, 'idle'>): string | undefined {
  if (idle === undefined) return undefined;
  const why =
    idle.until === 'stop'
      ? `the newest commit was ${idle.days} days old when they stopped`
      : `nothing has been recorded for ${idle.days} days`;
  return `GitHub has probably disabled the schedule, as it does in public repositories after 60 days without activity (a guess: ${why}). Enable the workflow again on the page Actions of the repository, and run it once.`;
}

/** "on Nov 21 at 10:17". */
function when(us: number | undefined, nowUs: number): string {
  return us === undefined ? 'at an unknown time' : `on ${formatDay(us, nowUs)} at ${formatClock(us)}`;
}
