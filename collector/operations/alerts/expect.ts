import { DaybookError } from '../../base/errors.ts';
import { formatClock, formatDay } from '../../base/format/time.ts';
import { isoMicros } from '../../base/time.ts';
import type { RecorderState } from '../../formats/schedule/recorder.ts';
import { disabledText, recorderSentence } from '../../formats/schedule/recorder-words.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { type RecordingHealth, recordingHealth } from '../health/recording.ts';
import { newestTimes } from '../recording-end.ts';

/** Whether snapshots come as the schedule has it, and that in a sentence. */
export interface Expectation {
  /** True where a slot is over and has no snapshot, or none was ever taken. */
  overdue: boolean;
  state: RecorderState;
  expected: string;
  newest_snapshot: string | null;
  overdue_slots: number;
  overdue_since: string | null;
  next_due: string | null;
  sentence: string;
}

/**
 * Looks once whether a snapshot is overdue. Names of files tell; nothing is read but the end of the log and, where
 * snapshots stopped, the newest.
 * @throws DaybookError `usage` where nothing is expected.
 */
export async function expectSnapshots(root: string, nowUs: number): Promise<Expectation> {
  const { config, findings } = await readConfigFile(root);
  if (config.schedule === undefined) {
    const isBroken = findings.some(({ path }) => path?.startsWith('schedule'));
    throw new DaybookError('usage', 'Expected a schedule in daybook.yaml, found none that can be read.', {
      hint: isBroken
        ? 'daybook doctor says what is wrong with it.'
        : 'Say when snapshots are expected, for example "schedule: 30m".',
      where: 'daybook.yaml',
    });
  }
  const health = await recordingHealth(root, config, await newestTimes(root), nowUs);
  const { recorder, expected = '', nextDueUs } = health;
  return {
    overdue: recorder.state !== 'running',
    state: recorder.state,
    expected,
    newest_snapshot: iso(recorder.newestUs),
    overdue_slots: recorder.overdue,
    overdue_since: iso(recorder.overdueSinceUs),
    next_due: iso(nextDueUs),
    sentence: sentenceOf(health, nowUs),
  };
}

function sentenceOf({ recorder, expected, nextDueUs }: RecordingHealth, nowUs: number): string {
  const wrong = recorderSentence(recorder, nowUs, ' UTC');
  if (wrong !== undefined)
    return [`${wrong}; expected ${expected}.`, disabledText(recorder) ?? ''].filter(Boolean).join(' ');
  const { newestUs } = recorder;
  if (newestUs === undefined) return `No snapshot has been taken yet; expected ${expected}.`;
  const next = nextDueUs === undefined ? '' : `; the next is due until ${moment(nextDueUs, nowUs)} UTC`;
  return `Snapshots come as expected, the newest on ${moment(newestUs, nowUs)} UTC${next}.`;
}

const moment = (us: number, nowUs: number) => `${formatDay(us, nowUs)} at ${formatClock(us)}`;

const iso = (us: number | undefined) => (us === undefined ? null : isoMicros(us));
