import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { flushFolder, writeNewFile } from '../../base/atomic-file.ts';
import { reasonOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { parseJson } from '../../base/json/text.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import {
  addTo,
  boundsOf,
  emptyRollup,
  parseRollup,
  type Rollup,
  type RollupUnit,
  rollupLine,
  rollupOf,
} from '../../formats/snapshots/rollup.ts';
import { carryRedactions } from '../../formats/snapshots/rollup-redaction.ts';
import { listSnapshotNames, snapshotsFolder } from '../layout.ts';
import { PeriodicFiles } from '../periodic-files.ts';
import { readRecorded } from '../recorded-file.ts';
import { unreadableSnapshot } from '../snapshot-file.ts';
import { removeFile } from './edit-snapshots.ts';

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

/**
 * Rolls up snapshots that are about to be removed: by hour, those of days that are over a week ago by day, those of months that are
 * over a year ago by month; hours and days that have become so old are put together. What is written is flushed and read back
 * before anything older is removed. Gives the ids of all snapshots that roll-ups stand for then. Who is stopped leaves older roll-ups beside the new ones at worst, which are told of once.
 */
export function rollUp(root: string, ids: readonly string[], nowUs: number): Set<string> {
  const before = readRollups(root).rollups;
  const known = rolledIds(before);
  if (ids.length + known.size === 0) return known;
  const files = new PeriodicFiles(root);
  const parts = [...before];
  for (const id of ids) {
    const record = known.has(id) ? undefined : files.read(`${id}.json`).record;
    if (record === undefined) continue;
    parts.push(rollupOf('hour', record));
    known.add(id);
  }
  const months = new Map<string, Map<string, Rollup>>();
  for (const part of parts.sort((a, b) => a.snapshots[0]!.atUs - b.snapshots[0]!.atUs)) {
    const { atUs } = part.snapshots[0]!;
    const unit = coarser(part.unit, unitAt(atUs, nowUs));
    const month = new Date(boundsOf('month', atUs).fromUs / 1000).toISOString().slice(0, 7);
    const some = months.get(month) ?? new Map<string, Rollup>();
    const key = `${unit} ${boundsOf(unit, atUs).fromUs}`;
    const rollup = some.get(key) ?? emptyRollup(unit, atUs);
    addTo(rollup, part);
    months.set(month, some.set(key, rollup));
  }
  const names = listSnapshotNames(root).filter(isRollupName);
  for (const [month, some] of months) replaceMonth(root, month, [...some.values()], names);
  return known;
}

const [dayUs, weekUs, yearUs] = [1, 7, 365].map((days) => days * 86_400_000_000) as [number, number, number];

/** The unit that the snapshots of a time are rolled up by. */
function unitAt(atUs: number, nowUs: number): RollupUnit {
  if (boundsOf('month', atUs).untilUs <= nowUs - yearUs) return 'month';
  return boundsOf('day', atUs).untilUs <= nowUs - weekUs + dayUs ? 'day' : 'hour';
}

function coarser(a: RollupUnit, b: RollupUnit): RollupUnit {
  const order = ['hour', 'day', 'month'] as const;
  return order.indexOf(a) > order.indexOf(b) ? a : b;
}

function replaceMonth(
  root: string,
  month: string,
  rollups: readonly Rollup[],
  names: readonly string[],
): void {
  const folder = snapshotsFolder(root);
  const name = writeRollups(folder, month, rollups, names);
  for (const old of names.filter((each) => each.startsWith(`rollup-${month}-`) && each !== name)) {
    // What cannot be read may still be mended.
    if (isReadable(join(folder, old))) removeFile(join(folder, old));
  }
  flushFolder(folder);
}

/** Writes roll-ups into a file that is named after what it holds, and reads them back; gives its name. */
function writeRollups(
  folder: string,
  month: string,
  rollups: readonly Rollup[],
  names: readonly string[],
): string {
  const lines = Buffer.from(rollups.map(rollupLine).join(''));
  const params = { [constants.ZSTD_c_compressionLevel]: 9, [constants.ZSTD_c_checksumFlag]: 1 };
  const name = `rollup-${month}-${sha256Hex(lines).slice(0, 12)}.jsonl.zst`;
  const path = join(folder, name);
  if (!names.includes(name)) writeNewFile(path, zstdCompressSync(lines, { params }));
  if (!zstdDecompressSync(readRecorded(path)).equals(lines))
    throw new Error(`${path} does not hold what was written`);
  return name;
}

/**
 * Changes roll-ups where they stand: `change` is given those of all files that can be read and says which are others now. Gives the names of the
 * files that have them, and of those that they replace. To be called with snapshots locked.
 */
export function editRollups(root: string, change: (all: Rollup[]) => ReadonlySet<Rollup>): string[] {
  const folder = snapshotsFolder(root);
  const names = listSnapshotNames(root).filter(isRollupName);
  const read = names
    .filter((name) => isReadable(join(folder, name)))
    .map((name) => ({ name, rollups: rollupsIn(readRecorded(join(folder, name))) }));
  const changed = change(read.flatMap(({ rollups }) => rollups));
  const files: string[] = [];
  for (const { name, rollups } of read) {
    if (!rollups.some((rollup) => changed.has(rollup))) continue;
    const now = writeRollups(folder, name.slice('rollup-'.length).slice(0, 7), rollups, names);
    if (now !== name) removeFile(join(folder, name));
    files.push(now, name);
  }
  if (files.length > 0) flushFolder(folder);
  return files;
}

function isReadable(path: string): boolean {
  try {
    return rollupsIn(readRecorded(path)).length >= 0;
  } catch {
    return false;
  }
}

function rollupsIn(packed: Buffer): Rollup[] {
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
