/** The statuses Daybook shows; files keep their own word. */
export const displayStatuses = ['pending', 'running', 'completed', 'failed', 'aborted', 'unknown'] as const;

/** One of the statuses Daybook shows. */
export type DisplayStatus = (typeof displayStatuses)[number];

const wordsOfStatus: Record<Exclude<DisplayStatus, 'unknown'>, readonly string[]> = {
  pending: ['pending', 'created', 'queued'],
  running: ['executing', 'running', 'in_progress'],
  completed: ['done', 'completed', 'success', 'passed'],
  failed: ['error', 'failed', 'failure'],
  aborted: ['aborted', 'cancelled', 'killed'],
};

const statusOfWord = new Map<string, DisplayStatus>(
  Object.entries(wordsOfStatus).flatMap(([status, words]) =>
    words.map((word) => [word, status as DisplayStatus] as const),
  ),
);

/** Words of other programs: read, and never written. */
const foreignWords = new Map<string, DisplayStatus>([
  ['finished', 'completed'],
  ['scheduled', 'pending'],
  ['interrupted', 'aborted'],
  ['timeout', 'aborted'],
]);

/** Every word that is accepted when an action is written; all others are refused. */
export const knownStatusWords: readonly string[] = [...statusOfWord.keys()];

/** The status to show for a word found in a file, e.g. "executing" -> "running"; case and spaces around it do not matter. */
export function displayStatusOf(word: string): DisplayStatus {
  const known = statusOfWord.get(word);
  if (known !== undefined) return known;
  const plain = word.trim().toLowerCase();
  return statusOfWord.get(plain) ?? foreignWords.get(plain) ?? 'unknown';
}

/** The word for a status of which no file says anything; shown in place of "unknown". */
export const notRecorded = 'not recorded';

/** Whether a status says that the action is over. */
export function isFinal(status: DisplayStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'aborted';
}

/** Whether a run ended, or stands still, without a result: what it reached ranks behind what others did. */
export function didNotSucceed({ status, stale }: { status: string; stale?: unknown }): boolean {
  return status === 'failed' || status === 'aborted' || (stale !== undefined && stale !== null);
}

/** Whether what a run reached is a result: it neither failed nor stands still, and it is not still to come. */
export function hasResult(run: { status: string; stale?: unknown }): boolean {
  return !didNotSucceed(run) && run.status !== 'running' && run.status !== 'pending';
}
