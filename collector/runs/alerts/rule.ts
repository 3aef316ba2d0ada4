import { nearest } from '../../base/nearest.ts';
import { parseFilter } from '../filter/parse.ts';
import type { RunFilter } from '../filter/tree.ts';
import { type AlertKind, fieldOf, kindOfWord, namesOf, splitName } from './subjects.ts';

/** A condition of a rule, understood. */
export interface AlertCondition {
  kind: AlertKind;
  filter: RunFilter;
  /** Every name that is asked for and is no field, as `subjectOf` needs its value. */
  names: readonly string[];
}

const kinds = new Set(Object.keys(kindOfWord));

/**
 * Understands the condition of a rule: the language of `runs --where`, whose names say what they are about
 * (`action.status = failed AND type = deploy`, `metric acc < 0.9`, `snapshot.git.branch != main`, `silent > 2h`). A rule is
 * about one kind of thing. Returns what is wrong as a sentence. Never throws.
 */
export function parseAlertCondition(
  text: string,
): { condition: AlertCondition; problem?: undefined } | { condition?: undefined; problem: string } {
  const asked: string[] = [];
  const found = new Set<AlertKind>();
  const first = parseFilter(text, {
    kinds,
    fieldNamed(name) {
      const { kind, asked: rest } = splitName(name);
      if (kind !== undefined) found.add(kind);
      asked.push(name);
      return fieldOf(kind ?? 'run', rest);
    },
  });
  if (first.problem !== undefined) return { problem: first.problem.message };
  if (first.filter.kind === 'all') return { problem: 'Expected a condition, found empty text.' };
  const [kind, other] = [...found];
  if (kind === undefined)
    return {
      problem: `Expected a condition that says what it is about, found "${asked[0]}" alone; write action.${asked[0]}, run.${asked[0]} or snapshot.${asked[0]}.`,
    };
  if (other !== undefined)
    return {
      problem: `Expected a condition about one kind of thing, found ${kind} and ${other}; make two rules.`,
    };
  return withKind(text, kind);
}

function withKind(text: string, kind: AlertKind): ReturnType<typeof parseAlertCondition> {
  const names: string[] = [];
  const { filter, problem } = parseFilter(text, {
    kinds,
    nameOf: (name) => splitName(name).asked,
    fieldNamed(name) {
      const { asked } = splitName(name);
      const field = fieldOf(kind, asked);
      if (field === undefined) names.push(asked);
      return field;
    },
    check(name) {
      const { asked } = splitName(name);
      const known = namesOf(kind, asked);
      if (known === undefined || known.includes(asked)) return undefined;
      return {
        expected: `one of ${known.join(', ')}${kind === 'action' ? ', details.…' : ''}`,
        near: nearest(asked, known),
      };
    },
  });
  return problem === undefined ? { condition: { kind, filter, names } } : { problem: problem.message };
}
