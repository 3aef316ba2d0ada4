import { isExactNumber, numberIn } from '../../base/json/exact-number.ts';
import type { JsonValue } from '../../base/json/json.ts';
import type { RunField, RunFieldSource } from '../field.ts';
import { runFieldNamed } from '../fields.ts';
import type { FilterSubject } from '../filter/match.ts';
import type { Scalar } from '../record.ts';

/** What a rule looks at: each action, each run, the newest snapshot, or what takes the snapshots. */
export type AlertKind = 'action' | 'run' | 'snapshot' | 'recorder';

/** Words that may stand in front of a name, with a dot or a space, and what the rule is then about. */
export const kindOfWord: Readonly<Record<string, AlertKind>> = {
  action: 'action',
  run: 'run',
  metric: 'run',
  metrics: 'run',
  param: 'run',
  params: 'run',
  snapshot: 'snapshot',
  recorder: 'recorder',
};

const field = (id: string, type: RunField['type'], of: (subject: RunFieldSource) => Scalar | undefined) =>
  ({ id, aliases: [], label: id, type, meaning: '', of }) satisfies RunField;

const status: RunField = {
  ...field('status', 'text', (subject) => subject.status),
  texts: (subject) => [subject.status, subject.statusWord],
};

/** Names that need no word in front, because only one thing has them. */
const ownNames: Readonly<Record<string, AlertKind>> = {
  silent: 'recorder',
  overdue: 'recorder',
  missed: 'recorder',
  type: 'action',
};

/** What can be asked of actions; of details there is any path behind "details.". */
export const actionFields: readonly RunField[] = [
  status,
  field('duration', 'duration', (subject) => subject.durationMs),
  field('started', 'time', (subject) => subject.startedAtUs ?? subject.atUs),
];
const actionTexts = ['type', 'id', 'run', 'error'];

/** What can be asked of what takes the snapshots. `silent` is how long nothing came. */
const recorderFields: readonly RunField[] = [
  field('silent', 'duration', (subject) => subject.durationMs),
  field('state', 'text', (subject) => subject.status),
];
const recorderNumbers = ['overdue', 'missed'];

/** A name as a rule has it, taken apart: the kind that it says, if it says one, and what is asked. */
export function splitName(name: string): { kind: AlertKind | undefined; asked: string } {
  const [first = '', ...rest] = name.split('.');
  const word = first.toLowerCase();
  if (rest.length > 0 && Object.hasOwn(kindOfWord, word)) {
    const asked = rest.join('.');
    const isValue = /^(metric|param)s?$/.test(word);
    return { kind: kindOfWord[word], asked: isValue ? `${word.replace(/s?$/, 's')}.${asked}` : asked };
  }
  if (word === 'recorder') return { kind: 'recorder', asked: 'state' };
  if (word === 'details') return { kind: 'action', asked: name };
  return { kind: Object.hasOwn(ownNames, word) ? ownNames[word] : undefined, asked: name };
}

/** The field that a name means for a kind; undefined for values that are looked up by their name. */
export function fieldOf(kind: AlertKind, asked: string): RunField | undefined {
  if (kind === 'run') return runFieldNamed(asked, () => false);
  if (kind === 'action') return actionFields.find(({ id }) => id === asked);
  return kind === 'recorder' ? recorderFields.find(({ id }) => id === asked) : undefined;
}

/** The names that a kind has, where these are all; undefined where any path may be asked for. */
export function namesOf(kind: AlertKind, asked: string): readonly string[] | undefined {
  if (kind === 'run' || kind === 'snapshot' || asked.startsWith('details.')) return undefined;
  const fields = kind === 'action' ? actionFields : recorderFields;
  return [...fields.map(({ id }) => id), ...(kind === 'action' ? actionTexts : recorderNumbers)];
}

/** Something a condition is held against that is no run: `values` by the names that are asked for. */
export function subjectOf(
  given: Partial<RunFieldSource>,
  values: Readonly<Record<string, Scalar>>,
): FilterSubject {
  const base = { key: '', name: '', identifier: '', status: '', statusWord: '', tags: [] };
  return { ...base, ...given, more: {}, params: values, metrics: {} };
}

/** A recorded value as conditions take it; undefined for lists and objects. */
export function scalarOf(value: JsonValue | undefined): Scalar | undefined {
  if (isExactNumber(value)) return numberIn(value) ?? String(value);
  return typeof value === 'object' && value !== null ? undefined : value;
}
