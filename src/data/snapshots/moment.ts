import type { Difference } from '../book/types.ts';
import type { JsonObject, JsonValue } from '../browser.ts';
import { type DifferenceText, isOwnIdentity } from './changes.ts';
import { visitLeaves } from './leaves.ts';
import { type FieldHabits, parentPath, rankChanges } from './ranking.ts';
import { readingRows, tellingRows } from './readings.ts';

/** The state at one snapshot, and what it brought. */
export interface MomentView {
  /** The most telling first. */
  changes: DifferenceText[];
  /** Values that move by themselves. */
  readings: DifferenceText[];
  sections: StateSection[];
}

/** A section of the state by its leaves. */
export interface StateSection {
  name: string;
  fields: StateField[];
  /** How many of them changed in a way that says something. */
  changed: number;
}

/** A leaf of the state; a list is one. */
export interface StateField {
  path: string;
  /** The path without its section; the section's own name where it has no parts. */
  name: string;
  value: JsonValue;
  /** How it stands against the snapshot before: nothing where it is the same. */
  mark: 'new' | 'changed' | 'moved' | undefined;
}

/** What a page shows of a state and its differences to the one before. Sections that changed come first. */
export function momentView(
  content: JsonObject,
  changes: readonly Difference[],
  habits: FieldHabits,
): MomentView {
  const ranked = rankChanges(
    changes.filter(({ path }) => !isOwnIdentity(path)),
    habits,
  );
  const marks = new Map<string, StateField['mark']>();
  for (const { path, kind } of [...ranked.readings, ...ranked.telling].filter(
    (one) => one.kind !== 'removed',
  ))
    marks.set(path, kind === 'added' ? 'new' : 'changed');
  for (const { path } of ranked.readings) if (marks.has(path)) marks.set(path, 'moved');
  const owners = ownersOf(marks, ranked.telling);
  const sections = new Map<string, StateSection>();
  visitLeaves(content, (name, path, value) => {
    const section = sections.get(name) ?? { name, fields: [], changed: 0 };
    sections.set(name, section);
    const mark = owners.get(path) ?? newWithParent(path, marks);
    if (mark === 'new' || mark === 'changed') section.changed += 1;
    section.fields.push({ path, name: withoutSection(path, name), value, mark });
  });
  return {
    changes: tellingRows(ranked.telling),
    readings: readingRows(ranked.readings, habits),
    sections: [...sections.values()].sort((a, b) => Number(b.changed > 0) - Number(a.changed > 0)),
  };
}

/** The marks of leaves: what happened inside a list is a change of the list. */
function ownersOf(
  marks: ReadonlyMap<string, StateField['mark']>,
  telling: readonly Difference[],
): Map<string, StateField['mark']> {
  const owners = new Map(marks);
  const told = new Set(telling.map(({ path }) => path));
  for (const path of [...marks.keys(), ...told]) {
    const mark = told.has(path) ? 'changed' : 'moved';
    for (let at = parentPath(path); at !== ''; at = parentPath(at))
      if (owners.get(at) === undefined || mark === 'changed') owners.set(at, mark);
  }
  return owners;
}

/** A leaf of an object that is new as a whole is new, too. */
function newWithParent(path: string, marks: ReadonlyMap<string, StateField['mark']>): StateField['mark'] {
  for (let at = parentPath(path); at !== ''; at = parentPath(at)) {
    if (marks.get(at) === 'new') return 'new';
    if (marks.get(at) === 'changed') return 'changed';
  }
  return undefined;
}

function withoutSection(path: string, section: string): string {
  const rest = path.startsWith(section) ? path.slice(section.length).replace(/^\./, '') : path;
  return rest === '' ? section : rest;
}
