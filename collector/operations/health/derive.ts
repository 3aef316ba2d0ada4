import { isObject, type JsonValue } from '../../base/json/json.ts';
import { isoMicros } from '../../base/time.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { alertType } from '../../formats/actions/alert-type.ts';
import { isFinal } from '../../formats/actions/status.ts';
import type { Health } from '../../formats/snapshots/periodic.ts';

/** What health is derived from. */
export interface HealthFacts {
  /** Newest actions of the log, newest first. */
  actions: readonly ActionRecord[];
  /** The section "runs". */
  runs?: JsonValue;
  /** Probes that could not fill their section. */
  failures: readonly { section: string; error: string }[];
  /** Schedule slots without a snapshot since the one before. */
  missedSlots: number;
  /** Time of the snapshot before, if there is one. */
  previousUs: number | undefined;
}

const judged = 10;

/**
 * How the system is, and why, worst first. Failing: the newest action or run that ended has failed, or half of the newest
 * ten actions or runs.
 * Degraded: a probe failed, or the schedule missed a slot since the snapshot before.
 */
export function deriveHealth(facts: HealthFacts): { health: Health; reasons: string[] } {
  const failing = [...failedActions(facts.actions), ...failedRuns(facts.runs)];
  const degraded = facts.failures.map(({ section, error }) => `The probe ${section} failed: ${error}`);
  if (facts.missedSlots > 0 && facts.previousUs !== undefined) {
    const slots =
      facts.missedSlots === 1
        ? '1 slot of the schedule was'
        : `${facts.missedSlots} slots of the schedule were`;
    degraded.push(`${slots} missed since ${isoMicros(facts.previousUs).slice(0, 16)}Z.`);
  }
  const health = failing.length > 0 ? 'failing' : degraded.length > 0 ? 'degraded' : 'operational';
  return { health, reasons: [...failing, ...degraded] };
}

function failedActions(actions: readonly ActionRecord[]): string[] {
  const ended = newestLines(actions)
    // What was told to whom is not how the system is.
    .filter(({ type }) => type !== alertType)
    .filter(({ status }) => isFinal(status))
    .slice(0, judged);
  const newest = ended[0];
  if (newest === undefined) return [];
  const failed = ended.filter(({ status }) => status === 'failed').length;
  const reasons: string[] = [];
  if (newest.status === 'failed') {
    const when = Number.isFinite(newest.atUs) ? ` at ${isoMicros(newest.atUs).slice(0, 16)}Z` : '';
    reasons.push(`The newest action that ended, ${newest.type}${when}, failed.`);
  }
  if (ended.length >= 4 && failed * 2 >= ended.length) {
    reasons.push(`${failed} of the newest ${ended.length} actions that ended failed.`);
  }
  return reasons;
}

function failedRuns(section: JsonValue | undefined): string[] {
  const ended = isObject(section) && Array.isArray(section.newest_ended) ? section.newest_ended : [];
  const runs = ended.filter(isObject);
  const failed = runs.filter(({ status }) => status === 'failed').length;
  const reasons: string[] = [];
  const newest = runs[0];
  if (newest?.status === 'failed') {
    const when = typeof newest.ended_at === 'string' ? ` at ${newest.ended_at.slice(0, 16)}Z` : '';
    reasons.push(`The newest run that ended, ${newest.key}${when}, failed.`);
  }
  if (runs.length >= 4 && failed * 2 >= runs.length)
    reasons.push(`${failed} of the newest ${runs.length} runs that ended failed.`);
  return reasons;
}

/** Lines that share an action id are one action; its newest line tells how it stands. */
function newestLines(actions: readonly ActionRecord[]): ActionRecord[] {
  const seen = new Set<string>();
  return actions.filter(
    ({ actionId }) => actionId === undefined || (!seen.has(actionId) && seen.add(actionId)),
  );
}
