import { differences, type PlacedDifference } from '../../base/difference/difference.ts';
import { jsonPatch, type PatchOperation } from '../../base/difference/patch.ts';
import { type ChangedSection, changedSections } from '../../base/difference/sections.ts';
import type { JsonValue } from '../../base/json/json.ts';
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

/**
 * The structural difference of two things; of two periodic snapshots all but their ids and times. Of two texts, how
 * lines end and whether the last one does is told once, instead of at every line.
 */
export function compareThings(before: Thing, after: Thing): ThingComparison {
  const leavesOutIdentity = before.kind === 'periodic' && after.kind === 'periodic';
  const counts = ({ path }: PlacedDifference) => !(leavesOutIdentity && identityPaths.has(path));
  const isText = before.isText && after.isText;
  const [old, now, ends] = isText ? plainLines(before.value, after.value) : [before.value, after.value, []];
  const inside = differences(old, now);
  const found = [...inside, ...ends].filter(counts);
  const sections = changedSections(old, now, inside)
    .map((section) => ({ ...section, found: section.found.filter(counts) }))
    .filter((section) => section.found.length + section.unchanged > 0);
  for (const end of ends) sections.push({ name: end.path, found: [end], unchanged: 0 });
  return { same: found.length === 0, before, after, found, sections, isText, leavesOutIdentity };
}

const identityPaths = new Set(['snapshot_id', 'timestamp', 'system_state.timestamp']);

/** The JSON Patch from one thing to the other, with everything; texts are lists of lines. */
export function patchBetween(before: Thing, after: Thing): PatchOperation[] {
  return jsonPatch(before.value, after.value);
}

/** The lines of two texts without what ends them, and how that differs. */
function plainLines(
  before: JsonValue,
  after: JsonValue,
): [before: JsonValue, after: JsonValue, ends: PlacedDifference[]] {
  const [old, now] = [textLines(before), textLines(after)];
  // Line ends that change within a text are shown where they are.
  const isMixed = old.ends === 'mixed' && now.ends === 'mixed';
  const ends: PlacedDifference[] = [];
  const tell = (path: string, from: string | undefined, to: string | undefined) => {
    if (from !== undefined && to !== undefined && from !== to)
      ends.push({ kind: 'changed', path, place: [path], before: from, after: to, amount: undefined });
  };
  tell('line ends', old.ends, now.ends);
  tell('end of the last line', old.last, now.last);
  return isMixed ? [old.exact, now.exact, ends] : [old.plain, now.plain, ends];
}

function textLines(value: JsonValue) {
  const lines = Array.isArray(value) ? value.map(String) : [];
  const hasLast = lines.at(-1) === '';
  const ended = lines.slice(0, -1);
  const returns = ended.filter((line) => line.endsWith('\r')).length;
  const exact = hasLast ? ended : lines;
  const ends = returns === 0 ? 'LF' : returns === ended.length ? 'CRLF' : 'mixed';
  return {
    exact,
    plain:
      returns === 0 ? exact : exact.map((line, at) => (at < ended.length ? line.replace(/\r$/, '') : line)),
    ends: ended.length === 0 ? undefined : ends,
    last: ended.length === 0 && hasLast ? undefined : hasLast ? 'a line feed' : 'nothing',
  };
}
