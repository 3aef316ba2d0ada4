import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { reasonOf } from '../../base/errors.ts';
import { parseJson } from '../../base/json/text.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { parseRollup, type Rollup } from '../../formats/snapshots/rollup.ts';
import { carryRedactions } from '../../formats/snapshots/rollup-redaction.ts';
import { listSnapshotNames, snapshotsFolder } from '../layout.ts';
import { readRecorded } from '../recorded-file.ts';
import { unreadableSnapshot } from '../snapshot-file.ts';

/** What is left of snapshots that were thinned out, oldest first, and the files that cannot be read. */
export interface KnownRollups {
  rollups: Rollup[];
  findings: Finding[];
}

/**
 * All roll-ups of a book. A snapshot is told of once: of two that stand for one the greater counts, as after a stop between the
 * writing of days and the removal of their hours, or where two clones rolled up what each had.
 */
export function readRollups(root: string): KnownRollups {
  const findings: Finding[] = [];
  const all: Rollup[] = [];
  for (const name of listSnapshotNames(root).filter(isRollupName)) {
    try {
      all.push(...rollupsIn(readRecorded(join(snapshotsFolder(root), name))));
    } catch (error) {
      findings.push(unreadableSnapshot(name, reasonOf(error), 'Restore it from git; all others are read.'));
    }
  }
  carryRedactions(all);
  const told = new Set<string>();
  const greatest = all.sort((a, b) => b.snapshots.length - a.snapshots.length || a.fromUs - b.fromUs);
  const rollups = greatest.filter(({ snapshots }) => {
    if (snapshots.some(({ id }) => told.has(id))) return false;
    for (const { id } of snapshots) told.add(id);
    return true;
  });
  return {
    rollups: rollups.sort((a, b) => a.fromUs - b.fromUs || a.snapshots[0]!.atUs - b.snapshots[0]!.atUs),
    findings,
  };
}

/** The roll-up that tells of a snapshot which was thinned out. */
export function findRolled(root: string, id: string): Rollup | undefined {
  return readRollups(root).rollups.find(({ snapshots }) => snapshots.some((each) => each.id === id));
}

/** Files of roll-ups that cannot be read. */
export function checkRollups(root: string): Finding[] {
  return readRollups(root).findings;
}

/** The ids of all snapshots that roll-ups stand for. */
export function rolledIds(rollups: readonly Rollup[]): Set<string> {
  return new Set(rollups.flatMap(({ snapshots }) => snapshots.map(({ id }) => id)));
}

/** The roll-ups that a file holds. */
export function rollupsIn(packed: Buffer): Rollup[] {
  const lines = zstdDecompressSync(packed).toString().split('\n').slice(0, -1);
  return lines.map((line) => {
    const rollup = parseRollup(parseJson(line));
    if (rollup === undefined) throw new Error('a line that is no roll-up');
    return rollup;
  });
}

/** Whether a name in snapshots/ is that of a file of roll-ups. */
export function isRollupName(name: string): boolean {
  return /^rollup-\d{4}-\d\d-[0-9a-f]{12}\.jsonl\.zst$/.test(name);
}
