import { displayStatusOf, isFinal } from '../../../formats/actions/status.ts';
import type { Statement } from '../../../runs/evidence.ts';

/** What another program knows of how a run went. */
export interface KnownCourse {
  statusWord: string | undefined;
  startUs: number | undefined;
  endUs: number | undefined;
}

/** The course of a run as a statement: its status, and the changes at its start and end. */
export function courseOf(
  known: KnownCourse | undefined,
): Pick<Statement, 'statusWord' | 'history' | 'startedAtUs'> {
  if (known?.statusWord === undefined) return { startedAtUs: known?.startUs };
  const { statusWord: word, startUs, endUs } = known;
  const status = displayStatusOf(word);
  const history: NonNullable<Statement['history']> = [];
  if (startUs !== undefined && status !== 'pending')
    history.push({ atUs: startUs, word: 'RUNNING', status: 'running' });
  if (endUs !== undefined && isFinal(status)) history.push({ atUs: endUs, word, status });
  return { statusWord: word, startedAtUs: startUs, history };
}

/** A fact of a run under its name; none where it is not known. */
export function fact(name: string, value: unknown): [string, string][] {
  if (typeof value === 'number') return [[name, String(value)]];
  return typeof value === 'string' && value !== '' ? [[name, value]] : [];
}
