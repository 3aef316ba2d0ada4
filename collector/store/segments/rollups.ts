import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { flushFolder, writeNewFile } from '../../base/atomic-file.ts';
import { sha256Hex } from '../../base/hash.ts';
import {
  addTo,
  boundsOf,
  emptyRollup,
  type Rollup,
  type RollupUnit,
  rollupLine,
  rollupOf,
} from '../../formats/snapshots/rollup.ts';
import { listSnapshotNames, snapshotsFolder } from '../layout.ts';
import { PeriodicFiles } from '../periodic-files.ts';
import { readRecorded } from '../recorded-file.ts';
import { removeFile } from './edit-snapshots.ts';
import { isRollupName, readRollups, rolledIds, rollupsIn } from './read-rollups.ts';

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
