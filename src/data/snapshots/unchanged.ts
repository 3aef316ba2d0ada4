import { changedSections, differences, type JsonObject } from '../browser.ts';

/** What two states have in common, folded on a page into one line. */
export interface UnchangedView {
  /** How many values are the same. */
  count: number;
  /** By section, those with the most first. */
  sections: { name: string; count: number }[];
}

/** Counts the values that two states have in common; lists and objects count by what they hold. */
export function unchangedView(before: JsonObject, after: JsonObject): UnchangedView {
  const sections = changedSections(before, after, differences(before, after))
    .map(({ name, unchanged }) => ({ name, count: unchanged }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return { count: sections.reduce((sum, { count }) => sum + count, 0), sections };
}
