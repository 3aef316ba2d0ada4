import { hasMembers, isObject, type JsonValue } from '../json/json.ts';
import { ownValue } from '../json/path.ts';
import type { PlacedDifference } from './difference.ts';

/** One part of two values: a field of the outermost object, or "" for a value that is none. */
export interface ChangedSection {
  name: string;
  found: PlacedDifference[];
  /** How many values in it are the same on both sides. */
  unchanged: number;
}

/**
 * Differences sorted by the outermost field they lie in, in their order; sections without any are among them. Values
 * are counted as they stand in the newer state: a text, a number, an empty list is one.
 */
export function changedSections(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  found: readonly PlacedDifference[],
): ChangedSection[] {
  const sections = new Map<string, ChangedSection>();
  const open = (name: string, newer: JsonValue | undefined) => {
    if (!sections.has(name)) sections.set(name, { name, found: [], unchanged: countValues(newer) });
  };
  const isSplit = isObject(before) && isObject(after);
  if (isSplit) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      open(name, ownValue(after, name));
  } else {
    open('', after);
  }
  for (const difference of found) {
    const section = sections.get(isSplit ? String(difference.place[0]) : '')!;
    section.found.push(difference);
    if (difference.kind !== 'moved') section.unchanged -= countValues(difference.after);
  }
  return [...sections.values()];
}

/** How many simple values a value holds; an empty list or object counts as one, nothing as none. */
export function countValues(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  let count = 0;
  const open: JsonValue[] = [value];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const before = open.length;
    if (hasMembers(one)) {
      for (const member of Array.isArray(one) ? one : Object.values(one)) open.push(member);
    }
    if (open.length === before) count += 1;
  }
  return count;
}
