import type { JsonValue } from '../../base/json/json.ts';
import type { Tombstone } from '../../formats/redaction.ts';
import type { Rollup } from '../../formats/snapshots/rollup.ts';
import { carryRedactions, redactRollup } from '../../formats/snapshots/rollup-redaction.ts';
import { withSnapshotsLocked } from '../../store/segments/edit-snapshots.ts';
import { readRollups } from '../../store/segments/read-rollups.ts';
import { editRollups } from '../../store/segments/rollups.ts';
import type { RedactedFiles } from './redact-log.ts';

/** Takes a field out of every roll-up that stands for a snapshot; no files where none does, or nothing stood there. */
export function redactInRollups(root: string, id: string, tombstone: Tombstone): Promise<RedactedFiles> {
  const removed: JsonValue[] = [];
  return withSnapshotsLocked(root, async () => {
    const files = editRollups(root, (all) => {
      const changed = new Set<Rollup>();
      for (const rollup of all.filter(({ snapshots }) => snapshots.some((each) => each.id === id))) {
        const taken = redactRollup(rollup, tombstone);
        if (taken.length > 0) changed.add(rollup);
        removed.push(...taken);
      }
      return changed;
    });
    return {
      files: files.map((name) => `snapshots/${name}`),
      removed: removed.map(withoutLength),
      openIn: [],
    };
  });
}

/** What was taken out of one roll-up goes from those that a merge brought back. */
export async function settleRollups(root: string): Promise<void> {
  if (readRollups(root).rollups.every(({ redacted }) => redacted.length === 0)) return;
  await withSnapshotsLocked(root, async () => editRollups(root, carryRedactions));
}

/** A snapshot of each roll-up that holds one of some texts, and the field in which it stands: with these it can be taken out. */
export function rolledHolding(root: string, texts: readonly string[]): { id: string; path: string }[] {
  const holds = (value: JsonValue) => typeof value === 'string' && texts.some((text) => value.includes(text));
  return readRollups(root).rollups.flatMap(({ snapshots, fields }) =>
    [...fields]
      .filter(([, { first, last, seen }]) => [first, last, ...seen].some(holds))
      .map(([path]) => ({ id: snapshots[0]!.id, path })),
  );
}

/** Long texts stand in roll-ups by their beginning, with their length behind it. */
function withoutLength(value: JsonValue): JsonValue {
  return typeof value === 'string' && value.length > 200 ? value.replace(/… \(\d+\)$/, '') : value;
}
