import { differences, type PlacedDifference } from '../../base/difference.ts';
import { jsonPatch, type PatchOperation } from '../../base/difference-patch.ts';
import { type ChangedSection, changedSections } from '../../base/difference-sections.ts';
import type { Thing } from './thing.ts';

/** What differs between two things of any kind. */
export interface ThingComparison {
  /** Whether nothing that counts differs. */
  same: boolean;
  before: Thing;
  after: Thing;
  found: PlacedDifference[];
  sections: ChangedSection[];
  /** True for texts: places are lines. */
  isText: boolean;
  /** True where the ids and times of two snapshots were left out: they always differ. */
  leavesOutIdentity: boolean;
}

/** The structural difference of two things; of two periodic snapshots all but their ids and times. */
export function compareThings(before: Thing, after: Thing): ThingComparison {
  const leavesOutIdentity = before.kind === 'periodic' && after.kind === 'periodic';
  const counts = ({ path }: PlacedDifference) => !(leavesOutIdentity && identityPaths.has(path));
  const all = differences(before.value, after.value);
  const found = all.filter(counts);
  const sections = changedSections(before.value, after.value, all)
    .map((section) => ({ ...section, found: section.found.filter(counts) }))
    .filter((section) => section.found.length + section.unchanged > 0);
  return {
    same: found.length === 0,
    before,
    after,
    found,
    sections,
    isText: before.isText && after.isText,
    leavesOutIdentity,
  };
}

const identityPaths = new Set(['snapshot_id', 'timestamp', 'system_state.timestamp']);

/** The JSON Patch from one thing to the other, with everything; texts are lists of lines. */
export function patchBetween(before: Thing, after: Thing): PatchOperation[] {
  return jsonPatch(before.value, after.value);
}
