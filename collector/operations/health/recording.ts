import type { JsonObject } from '../../base/json/json.ts';
import { isoMicros } from '../../base/time.ts';
import type { BookConfig } from '../../formats/config/config.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Coverage } from '../../formats/schedule/coverage.ts';
import { isStopped, type Recorder, recorderOf } from '../../formats/schedule/recorder.ts';
import { disabledText, recorderSentence } from '../../formats/schedule/recorder-words.ts';
import { type RecordingState, recordingState } from '../../formats/schedule/recording-state.ts';
import { periodicIds, readPeriodic } from '../../store/periodic-store.ts';
import { withPruned } from '../../store/pruned-snapshots.ts';

/** Whether recording goes on, and which snapshots of the schedule are missing. */
export interface RecordingHealth extends RecordingState {
  /** When this was so. */
  atUs: number;
  /** How what takes the snapshots stands. */
  recorder: Recorder;
  /** Slots of the last seven days: how many were due, how many of them were missed; zero without a schedule. */
  due: number;
  missed: number;
  /** The newest stretch of missed slots among them; `toUs` is the slot after the last missed one. */
  lastGap: Coverage['gaps'][number] | undefined;
  /** The schedule in words: "every 30 minutes". */
  expected: string | undefined;
  /** From when on one snapshot more would be overdue. */
  nextDueUs: number | undefined;
}

/** Times of the actions of a book, taken down while they are read. */
export class ActionTimes {
  firstUs: number | undefined;
  lastUs: number | undefined;
  readonly #days = new Set<number>();
  #day = Number.NaN;

  add(atUs: number): void {
    if (!Number.isFinite(atUs)) return;
    if (this.firstUs === undefined || atUs < this.firstUs) this.firstUs = atUs;
    if (this.lastUs === undefined || atUs > this.lastUs) this.lastUs = atUs;
    const day = Math.floor(atUs / dayUs);
    // Lines stand in order of time but for a few: most share the day of the one before.
    if (day !== this.#day) this.#days.add(day);
    this.#day = day;
  }

  /** Days since 1970 with an action, ascending. */
  get days(): number[] {
    return [...this.#days].sort((a, b) => a - b);
  }
}

const dayUs = 86_400e6;

/** How recording stands now. Names of snapshots tell their times; but for a guess why they stopped nothing of them is read. */
export async function recordingHealth(
  root: string,
  { schedule }: Pick<BookConfig, 'schedule'>,
  actions: Pick<ActionTimes, 'firstUs' | 'lastUs' | 'days'>,
  nowUs: number,
  newestRunUs?: number,
): Promise<RecordingHealth> {
  const snapshots = periodicIds(root).flatMap((id) => {
    const atUs = timeInName(id);
    return atUs === undefined ? [] : [{ id, atUs }];
  });
  // The calculation of cron slots is loaded only where there is a schedule.
  const covered =
    schedule === undefined
      ? undefined
      : (await import('../../formats/schedule/coverage.ts')).coverage(
          schedule,
          withPruned(root, snapshots),
          nowUs,
        );
  const times = snapshots.map(({ atUs }) => atUs);
  const timesUs = [actions.firstUs, actions.lastUs, times[0], times.at(-1), newestRunUs];
  const lastUs = Math.max(...timesUs.filter((us): us is number => us !== undefined && Number.isFinite(us)));
  const recorder = recorderOf(covered, { nowUs, lastUs, newest: () => newestContent(root) });
  const state = recordingState({ timesUs, activeDays: actions.days, recorder, nowUs });
  const firstSlot = covered?.slots[0]?.atUs ?? Number.POSITIVE_INFINITY;
  return {
    ...state,
    atUs: nowUs,
    recorder,
    due: (covered?.kept ?? 0) + (covered?.missed ?? 0),
    missed: covered?.missed ?? 0,
    lastGap: covered?.gaps.find(({ toUs }) => toUs > firstSlot),
    expected: covered?.expected,
    nextDueUs: covered?.nextDueUs,
  };
}

/** The newest snapshot that can be read. */
function newestContent(root: string): JsonObject | undefined {
  for (const id of periodicIds(root).reverse().slice(0, 10)) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record.content;
  }
  return undefined;
}

/** What is to be said of recording: silence first, then missed slots; nothing where all is as expected. */
export function recordingWords(health: RecordingHealth): string[] {
  const { due, missed, lastGap } = health;
  const words = quietWords(health);
  if (missed > 0) {
    const which =
      due === 1
        ? 'the only snapshot that was expected is missing'
        : `${missed} of the ${due} snapshots expected in the last 7 days ${missed === 1 ? 'is' : 'are'} missing`;
    words.push(
      which + (lastGap === undefined ? '' : `, the last stretch since ${shortTime(lastGap.fromUs)}`),
    );
  }
  return words;
}

/** What is wrong with the recorder, and since when; without a schedule, since when nothing was recorded. */
function quietWords({ silent, silentMs, lastUs, recorder, atUs }: RecordingHealth): string[] {
  const said = recorderSentence(recorder, atUs, ' UTC');
  if (said === undefined)
    return silent ? [`silent for ${rounded(silentMs)}, since ${shortTime(lastUs!)}`] : [];
  const isOver = isStopped(recorder);
  const ago = isOver ? `, ${rounded((atUs - recorder.newestUs!) / 1000)} ago` : '';
  const guess = disabledText(recorder);
  return [`${said.charAt(0).toLowerCase()}${said.slice(1)}${ago}`, ...(guess === undefined ? [] : [guess])];
}

/** "2026-01-05 09:30 UTC". */
export const shortTime = (us: number) => `${isoMicros(us).slice(0, 16).replace('T', ' ')} UTC`;

/** "50 minutes", "5 hours", "12 days". */
export function rounded(ms: number): string {
  const unit = ms < 2 * 3_600_000 ? 60_000 : ms < 48 * 3_600_000 ? 3_600_000 : 86_400_000;
  const count = Math.max(1, Math.round(ms / unit));
  return `${count} ${unit === 60_000 ? 'minute' : unit === 3_600_000 ? 'hour' : 'day'}${count === 1 ? '' : 's'}`;
}

/** Silence and missed slots as findings. Only silence against a schedule asks for something to be done. */
export function recordingFindings(health: RecordingHealth): Finding[] {
  const words = recordingWords(health);
  if (words.length === 0) return [];
  const stopped = isStopped(health.recorder);
  const guess = disabledText(health.recorder);
  return [
    {
      code: 'silent',
      severity: stopped ? 'warning' : 'note',
      file: health.expected === undefined ? 'snapshots' : 'daybook.yaml',
      expected:
        health.expected === undefined ? 'records in the rhythm so far' : `a snapshot ${health.expected}`,
      found: words.filter((each) => each !== guess).join('; '),
      hint: stopped
        ? (guess ?? stoppedHint)
        : 'Nothing is to be done if it was meant so: times when nothing is recorded stay visible as gaps.',
    },
  ];
}

const stoppedHint =
  'See whether what records still runs (the workflow, the cron job); where nothing is expected any more, take `schedule` out of daybook.yaml.';

/** "periodic_20251222_023211_2" says when it was taken. */
function timeInName(id: string): number | undefined {
  const parts = /^periodic_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(id);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const us = Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
  return Number.isFinite(us) ? us : undefined;
}
