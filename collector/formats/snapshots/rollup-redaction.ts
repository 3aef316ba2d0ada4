import type { JsonValue } from '../../base/json/json.ts';
import { formatPath, parsePath } from '../../base/json/path.ts';
import { redactedNote, type Tombstone } from '../redaction.ts';
import { identityOf } from './leaves.ts';
import type { RolledField, Rollup } from './rollup.ts';

/**
 * Takes all that a roll-up has of a field, or of all fields below a path, out of it: nothing says which of its values came from which
 * snapshot. Gives what stood there.
 */
export function redactRollup(rollup: Rollup, tombstone: Tombstone): JsonValue[] {
  const given = parsePath(tombstone.path);
  if (given === undefined || given.length === 0) return [];
  const wanted = formatPath(given.map(identityOf));
  const removed: JsonValue[] = [];
  for (const [path, field] of rollup.fields) {
    if (!isAtOrBelow(path, wanted) || isTakenOut(field)) continue;
    removed.push(field.first, field.last, ...field.seen);
    rollup.fields.set(path, {
      ...{ count: field.count, numbers: 0, more: false },
      ...{ first: redactedNote, last: redactedNote, seen: [redactedNote] },
    });
  }
  if (removed.length > 0) rollup.redacted.push(tombstone);
  return removed;
}

/**
 * What was taken out of one roll-up goes from every other that stands for some of the same snapshots, as those of another clone do.
 * Gives the ones that were changed.
 */
export function carryRedactions(rollups: readonly Rollup[]): Set<Rollup> {
  const changed = new Set<Rollup>();
  for (const from of rollups.filter(({ redacted }) => redacted.length > 0)) {
    const ids = new Set(from.snapshots.map(({ id }) => id));
    for (const to of rollups) {
      if (to === from || !to.snapshots.some(({ id }) => ids.has(id))) continue;
      for (const tombstone of from.redacted) {
        if (to.redacted.some(({ at, path }) => at === tombstone.at && path === tombstone.path)) continue;
        if (redactRollup(to, tombstone).length > 0) changed.add(to);
      }
    }
  }
  return changed;
}

function isAtOrBelow(path: string, wanted: string): boolean {
  return path === wanted || path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`);
}

function isTakenOut({ numbers, first, last, seen }: RolledField): boolean {
  return numbers === 0 && [first, last, ...seen].every((value) => value === redactedNote);
}
