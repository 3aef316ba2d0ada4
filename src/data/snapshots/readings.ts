import { plural } from '../../../collector/base/format/words.ts';
import type { Difference } from '../book/types.ts';
import { isObject, numberIn } from '../browser.ts';
import type { Json } from '../values/value.ts';
import { type DifferenceText, differenceText, valueText } from './changes.ts';
import { type FieldHabits, parentPath } from './ranking.ts';

const maxNames = 3;
const maxValues = 4;

/** Readings in the words a page prints: those of one list in one line, "2 came (bash, node), 1 went (sh), 12 values moved". */
export function readingRows(readings: Difference[], habits: FieldHabits): DifferenceText[] {
  const groups = new Map<string, Difference[]>();
  for (const reading of readings) {
    const owner = habits.fieldOf(reading.path) ?? reading.path;
    groups.set(owner, [...(groups.get(owner) ?? []), reading]);
  }
  return [...groups].flatMap(([path, all]) =>
    all.length < 2 ? all.map(differenceText) : [gathered(path, all)],
  );
}

/** From so many on, records that came to or went from one list are told together. */
const fewestTogether = 3;

/** Telling changes in the words a page prints; many records of one list in one line, "5 came (build, test, docs, …)". */
export function tellingRows(changes: Difference[]): DifferenceText[] {
  const lists = new Map<string, Difference[]>();
  for (const change of changes.filter(isRecordThatMoved)) {
    const list = parentPath(change.path);
    lists.set(list, [...(lists.get(list) ?? []), change]);
  }
  return changes.flatMap((change) => {
    const together = isRecordThatMoved(change) ? (lists.get(parentPath(change.path)) ?? []) : [];
    if (together.length < fewestTogether) return [differenceText(change)];
    return together[0] === change ? [gathered(parentPath(change.path), together)] : [];
  });
}

/** A whole record with an id or a name that was added or removed. */
function isRecordThatMoved({ kind, before, after }: Difference): boolean {
  const record = before ?? after;
  return (
    kind !== 'changed' &&
    isObject(record) &&
    ['id', 'name', 'key', 'path', 'pid'].some((key) => Object.hasOwn(record, key))
  );
}

/** How many of them there are, those of one list counted as one. */
export function countReadings(readings: Difference[], habits: FieldHabits): number {
  return new Set(readings.map(({ path }) => habits.fieldOf(path) ?? path)).size;
}

function gathered(path: string, all: Difference[]): DifferenceText {
  const row = { path, beforeWhole: undefined, afterWhole: undefined, words: undefined, amount: '' };
  if (all.length <= maxValues && all.every(isNumber)) {
    const side = (which: 'before' | 'after') =>
      all.map((one) => valueText(one[which], path.slice(path.lastIndexOf('.') + 1))).join(', ');
    return { ...row, kind: 'changed', before: side('before'), after: side('after'), sign: '→' };
  }
  const came = all.filter(({ kind }) => kind === 'added').map(({ after }) => after);
  const went = all.filter(({ kind }) => kind === 'removed').map(({ before }) => before);
  const moved = all.filter(({ kind }) => kind === 'changed').length;
  const parts = [
    came.length > 0 ? `${came.length} came${namesOf(came)}` : '',
    went.length > 0 ? `${went.length} went${namesOf(went)}` : '',
    moved > 0 ? `${plural(moved, 'value')} moved` : '',
    all.some(({ kind }) => kind === 'moved') ? 'another order' : '',
  ];
  return { ...row, kind: 'gathered', before: undefined, after: parts.filter(Boolean).join(', '), sign: '' };
}

function isNumber({ before, after }: Difference): boolean {
  return numberIn(before) !== undefined && numberIn(after) !== undefined;
}

/** " (bash, node, sh, …)": the names that records give themselves. */
function namesOf(values: (Json | undefined)[]): string {
  const names = values.flatMap((value) => {
    if (!isObject(value)) return [];
    const name = [value.name, value.type, value.title].find((one) => typeof one === 'string');
    return name === undefined ? [] : [name.slice(0, 24)];
  });
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return '';
  return ` (${distinct.slice(0, maxNames).join(', ')}${distinct.length > maxNames ? ', …' : ''})`;
}
