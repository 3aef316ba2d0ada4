import { plural, shorten } from '../charts/format.ts';
import type { Difference } from './site-book.ts';

/** Any JSON value, as the views take it. */
export type Json = NonNullable<Difference['before']> | null;

/** A difference in the words a page prints. */
export interface DifferenceText {
  kind: Difference['kind'];
  path: string;
  before: string | undefined;
  beforeWhole: string | undefined;
  after: string | undefined;
  afterWhole: string | undefined;
  sign: string;
  /** What the sign means, for those who do not see it. */
  spoken: string;
  amount: string;
}

const mostLetters = 60;

/** One difference as a sentence: path, old, sign, new, amount; long values are shortened, the whole kept beside. */
export function differenceText(change: Difference): DifferenceText {
  const before = change.kind === 'added' ? undefined : valueText(change.before);
  const after = change.kind === 'removed' ? undefined : valueText(change.after);
  return {
    kind: change.kind,
    path: change.path === '' ? 'everything' : change.path,
    before: before === undefined ? undefined : shorten(before, mostLetters),
    beforeWhole: wholeIfLong(before),
    after: after === undefined ? undefined : shorten(after, mostLetters),
    afterWhole: wholeIfLong(after),
    sign: change.kind === 'added' ? '+' : change.kind === 'removed' ? '−' : '→',
    spoken: change.kind,
    amount: change.amount ?? '',
  };
}

/** A value in one line: texts bare, objects and arrays by what they hold. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'empty text' : value.replace(/\s+/g, ' ');
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return arrayText(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'no fields' : `{ ${shorten(keys.join(', '), mostLetters - 6)} }`;
}

function arrayText(values: Json[]): string {
  if (values.length === 0) return 'none';
  const simple = values.every((value) => value === null || typeof value !== 'object');
  return simple && values.length <= 5
    ? values.map(String).join(', ')
    : plural(values.length, 'entry', 'entries');
}

function wholeIfLong(text: string | undefined): string | undefined {
  return text !== undefined && text.length > mostLetters ? shorten(text, 2000) : undefined;
}

/** Whether a path names what makes a snapshot itself (its id and time): it differs always and says nothing. */
export function isOwnIdentity(path: string): boolean {
  return path === 'snapshot_id' || path === 'timestamp' || path === 'system_state.timestamp';
}
