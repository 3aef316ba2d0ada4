import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Coverage } from './coverage.ts';

/**
 * How what takes the snapshots of the schedule stands. `waiting`: none has been taken yet. `late`: the newest slot is
 * overdue, which hosted schedules are now and then. `silent`: it has stopped. `disabled`: it has stopped, and what the
 * book holds looks as if GitHub had disabled the schedule; that is a guess.
 */
export type RecorderState = 'unscheduled' | 'waiting' | 'running' | 'late' | 'silent' | 'disabled';

/** The state of what takes the snapshots, and since when. */
export interface Recorder {
  state: RecorderState;
  /** Time of the newest snapshot. */
  newestUs: number | undefined;
  /** Slots in a row, up to now, that are over and have no snapshot. */
  overdue: number;
  /** The first of them. */
  overdueSinceUs: number | undefined;
  /** What the guess rests on: days between the newest commit and the stop, or days since anything was recorded. */
  idle: { days: number; until: 'stop' | 'now' } | undefined;
}

/** What is known beside the snapshots' times. */
export interface RecorderFacts {
  nowUs: number;
  /** The newest record of any kind. */
  lastUs?: number | undefined;
  /** The newest snapshot; read only where snapshots have stopped. */
  newest?: (() => JsonObject | undefined) | undefined;
}

const dayUs = 86_400e6;
/** Up to so many slots in a row are lateness: a hosted schedule that is busy drops some. */
const fewestSilent = 3;
/** A silence of slots of minutes is one from so long on. */
const shortestSilenceUs = 7_200e6;
/** GitHub disables schedules of public repositories after so many days without activity. */
const idleDays = 60;
/** It does not do so to the day. */
const idleSlack = { early: 2, late: 15 };

/** The state of the recorder: the same answer for commands, pages and alerts. */
export function recorderOf(
  coverage: Pick<Coverage, 'newestUs' | 'overdue'> | undefined,
  facts: RecorderFacts,
): Recorder {
  const newestUs = coverage?.newestUs;
  const overdue = coverage?.overdue?.missed ?? 0;
  const base = { newestUs, overdue, overdueSinceUs: coverage?.overdue?.fromUs, idle: undefined };
  if (coverage === undefined) return { ...base, state: 'unscheduled' };
  if (newestUs === undefined) return { ...base, state: 'waiting' };
  if (overdue === 0) return { ...base, state: 'running' };
  if (overdue < fewestSilent || facts.nowUs - newestUs < shortestSilenceUs) return { ...base, state: 'late' };
  const idle = idleOf(newestUs, facts);
  return { ...base, idle, state: idle === undefined ? 'silent' : 'disabled' };
}

/** Whether snapshots have stopped, for whatever reason. */
export function isStopped({ state }: Pick<Recorder, 'state'>): boolean {
  return state === 'silent' || state === 'disabled';
}

/** Why GitHub may have disabled the schedule, where it is GitHub's and that long nothing happened in the repository. */
function idleOf(stoppedUs: number, { nowUs, lastUs, newest }: RecorderFacts): Recorder['idle'] {
  const content = newest?.();
  if (content === undefined || !isScheduledByGitHub(content.workflows)) return undefined;
  const committedUs = commitTime(content.git);
  const atStop = committedUs === undefined ? Number.NaN : (stoppedUs - committedUs) / dayUs;
  if (atStop >= idleDays - idleSlack.early && atStop <= idleDays + idleSlack.late)
    return { days: Math.round(atStop), until: 'stop' };
  const byNow = (nowUs - Math.max(stoppedUs, lastUs ?? stoppedUs)) / dayUs;
  return byNow >= idleDays ? { days: Math.floor(byNow), until: 'now' } : undefined;
}

/** Whether the section "workflows" names a workflow that runs by the clock. */
function isScheduledByGitHub(section: JsonValue | undefined): boolean {
  const files = isObject(section) && Array.isArray(section.files) ? section.files : [];
  return files.some((file) => isObject(file) && Array.isArray(file.crons) && file.crons.length > 0);
}

/** When the newest commit was made, as the section "git" says. */
function commitTime(section: JsonValue | undefined): number | undefined {
  const at = isObject(section) ? section.committed_at : undefined;
  return typeof at === 'string' ? parseTime(at)?.us : undefined;
}
