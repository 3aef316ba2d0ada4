import { displayStatusOf, isFinal } from '../formats/actions/status.ts';
import type { Evidence } from './evidence.ts';
import { firstSaid } from './precedence.ts';

/**
 * The word for how a run stands, and who says so: the one who is believed first. But what says "running" yields to the end
 * of the command that it was begun within: a program that was killed can no longer take its word back.
 */
export function standingOf(evidence: readonly Evidence[]): { said: string; by: Evidence } | undefined {
  const first = firstSaid(evidence, 'statusWord');
  if (first === undefined || displayStatusOf(first.said) !== 'running') return first;
  const began = beginOf(first.by);
  if (began === undefined) return first;
  const around = evidence.filter((each) => each !== first.by && isOverAround(each, began));
  return firstSaid(around, 'statusWord') ?? first;
}

/** When what says "running" began for the last time. */
function beginOf({ says }: Evidence): number | undefined {
  return says.history?.findLast(({ status }) => status === 'running')?.atUs ?? says.startedAtUs;
}

/** Whether this is the end of a command that was going on at a time. */
function isOverAround({ says: { span, statusWord } }: Evidence, atUs: number): boolean {
  if (span?.fromUs === undefined || statusWord === undefined || !isFinal(displayStatusOf(statusWord)))
    return false;
  return span.fromUs <= atUs && atUs <= span.fromUs + span.durationMs * 1000;
}
