import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';

/** The text under a key, where there is one. */
export function textIn(object: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The object under a key, where there is one. */
export function objectIn(object: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : undefined;
}

/** The moment under a key, where there is one; microseconds since 1970. */
export function timeUsIn(object: JsonObject, key: string): number | undefined {
  const text = textIn(object, key);
  return text === undefined ? undefined : parseTime(text)?.us;
}

/** An id as actions may have it: what is not allowed in one becomes "-", or falls away at its ends. */
export function cleanId(id: string): string {
  return id
    .replace(/[^\w.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 118)
    .replace(/\.$/, '');
}

const outcomes: Record<string, string> = {
  success: 'completed',
  neutral: 'completed',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'aborted',
  skipped: 'aborted',
  stale: 'aborted',
  action_required: 'pending',
};

/** The status of an action for GitHub's word for how a job or run ended. What it does not know has ended, and no more is known. */
export function outcomeOf(conclusion: string | undefined): string {
  return outcomes[conclusion ?? ''] ?? 'completed';
}

const deploymentStates: Record<string, string> = {
  success: 'completed',
  inactive: 'completed',
  failure: 'failed',
  error: 'failed',
  in_progress: 'executing',
  queued: 'pending',
  pending: 'pending',
};

/** The status of an action for GitHub's word for how a deployment stands. */
export function deploymentStatusOf(state: string | undefined): string {
  return deploymentStates[state ?? ''] ?? 'executing';
}
