import { type MarkName, statusOrder } from '../../charts/status-shape.ts';
import { notRecorded } from '../browser.ts';

/** The mark of a verdict on a receipt. */
export function receiptMark(state: string): MarkName | undefined {
  const marks: Record<string, MarkName> = {
    matches: 'completed',
    reproducible: 'reproducible',
    differs: 'failed',
    unproven: 'unknown',
  };
  return Object.hasOwn(marks, state) ? marks[state] : undefined;
}

/** What a run is called in a list or sentence: its name alone says little where it is a number. */
export function runTitle({
  name,
  identifier,
  key,
}: {
  name: string;
  identifier: string;
  key: string;
}): string {
  if (!/^[\w-]{0,4}$/.test(name)) return name;
  // Of a ledger's run the part behind the ledger, e.g. "train/grid/lr-1e3/000".
  const inLedger = key.includes(':') ? key.slice(key.lastIndexOf(':') + 1) : '';
  if (inLedger.endsWith(name)) return inLedger;
  return identifier === '' ? name : `${identifier}/${name}`;
}

/** What stands in place of "running" where the one who ran it is gone. */
export const staleWord = 'stale' as const;

/** The mark of a value of the status facet: that of the status, or of what is stale. */
export function statusMark(value: string): MarkName | undefined {
  if (value === staleWord) return 'missed';
  if (value === notRecorded) return 'unknown';
  return statusOrder.find((status) => status === value);
}

interface NumberColumn {
  name: string;
  about:
    | { min: number | undefined; max: number | undefined; direction?: 'min' | 'max' | undefined }
    | undefined;
}

/** A round number in the middle of what there is. */
function middle({ about }: NumberColumn): string {
  return String(Number((((about?.min ?? 0) + (about?.max ?? 0)) / 2).toPrecision(2)));
}

/** Examples of conditions, as the field for them shows them. */
export function filterExamples(metric: NumberColumn | undefined, param: NumberColumn | undefined): string[] {
  const name = (text: string) => (/^[\w.-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);
  return [
    'status = failed',
    metric === undefined
      ? 'duration > 10min'
      : `${name(metric.name)} ${metric.about?.direction === 'max' ? '>' : '<'} ${middle(metric)} AND status = completed`,
    param === undefined
      ? 'started >= 2026-01'
      : `${name(param.name)} > ${middle(param)} OR NOT (status = failed)`,
  ];
}

/** How the values of a facet are marked; undefined for a facet without marks. */
export function markOfFacet(name: string): ((value: string) => MarkName | undefined) | undefined {
  return name === 'status' ? statusMark : name === 'receipt' ? receiptMark : undefined;
}
