import type { MarkName } from '../charts/status-shape.ts';

/** The mark of a verdict on a receipt. */
export function receiptMark(state: string): MarkName | undefined {
  const marks: Record<string, MarkName> = { matches: 'completed', differs: 'failed', unproven: 'unknown' };
  return Object.hasOwn(marks, state) ? marks[state] : undefined;
}

/** What a run is called in a list or sentence: its name alone says little where it is a number. */
export function runTitle({ name, identifier }: { name: string; identifier: string }): string {
  return /^[\w-]{0,4}$/.test(name) && identifier !== '' ? `${identifier}/${name}` : name;
}

/** What stands in place of "running" where whoever ran it is gone. */
export const staleWord = 'no sign of life';

/** Examples of conditions, as the field for them shows them. */
export function filterExamples(metric: string | undefined, param: string | undefined): string[] {
  const name = (text: string) => (/^[\w.-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);
  return [
    'status = failed',
    metric === undefined ? 'duration > 10min' : `${name(metric)} > 0.5 AND status = completed`,
    param === undefined ? 'started >= 2026-01' : `${name(param)} < 0.01 OR NOT (tag = final)`,
  ];
}
