import {
  closeSync,
  copyFileSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { writeErrorOf } from '../base/atomic-file.ts';
import type { Clock } from '../base/clock.ts';
import { bookPath } from '../base/paths.ts';
import { temporaryPrefix } from '../base/temporary-name.ts';
import { compactTime } from '../base/time.ts';
import {
  blobsFolder,
  cacheFolder,
  latestPeriodicPath,
  listLogSegments,
  snapshotsFolder,
} from '../store/layout.ts';
import { findNewest, updateLatest } from '../store/periodic-store.ts';
import { obstacleAt, readRecordedIfAny } from '../store/recorded-file.ts';
import { repairVersions } from '../store/versions/repair-versions.ts';

/** One thing that was mended. */
export interface Repair {
  file: string;
  did: string;
  /** Where the original lies now, relative to the book; null where no byte of it was touched. */
  original: string | null;
}

/**
 * Mends what can be mended without losing a byte: closes a torn last line, moves leftover temporary files away,
 * makes latest_periodic.json a copy of the newest snapshot again, and mends the store of versions.
 */
export async function repairBook(root: string, clock: Clock): Promise<Repair[]> {
  const folder = join(cacheFolder(root), 'quarantine', compactTime(clock.nowUs()));
  const quarantine = createQuarantine(root, folder);
  return [
    ...closeTornTails(root),
    ...moveLeftovers(root, quarantine),
    ...renewLatest(root, quarantine),
    ...(await repairVersions(root, join(folder, 'versions'))),
  ];
}

/** Keeps originals: each is copied or moved to .daybook/quarantine/<time>/ before anything happens to it. */
interface Quarantine {
  copy(path: string): string;
  move(path: string): string;
}

function createQuarantine(root: string, folder: string): Quarantine {
  const place = (path: string) => {
    mkdirSync(folder, { recursive: true });
    return join(folder, basename(path));
  };
  return {
    copy(path) {
      const target = place(path);
      copyFileSync(path, target);
      return bookPath(root, target);
    },
    move(path) {
      const target = place(path);
      renameSync(path, target);
      return bookPath(root, target);
    },
  };
}

/** A last line without a line break may belong to a writer that died: a line break keeps the next line apart from it. */
function closeTornTails(root: string): Repair[] {
  const repairs: Repair[] = [];
  for (const { path, compression } of listLogSegments(root)) {
    if (compression !== 'none' || obstacleAt(path) !== undefined || !isTorn(path)) continue;
    appendLineBreak(path);
    repairs.push({
      file: bookPath(root, path),
      did: 'closed the last line with a line break',
      original: null,
    });
  }
  return repairs;
}

function isTorn(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
  } finally {
    closeSync(descriptor);
  }
}

function appendLineBreak(path: string): void {
  try {
    const descriptor = openSync(path, 'a');
    try {
      writeSync(descriptor, '\n');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

/** Younger ones may belong to a writer that is still at work. */
const leftoverAgeMs = 60_000;

function moveLeftovers(root: string, quarantine: Quarantine): Repair[] {
  const repairs: Repair[] = [];
  for (const folder of [root, snapshotsFolder(root), blobsFolder(root)]) {
    if (!isFolder(folder)) continue;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!name.startsWith(temporaryPrefix) || Date.now() - lstatSync(path).mtimeMs < leftoverAgeMs) continue;
      repairs.push({
        file: bookPath(root, path),
        did: 'moved a leftover temporary file away',
        original: quarantine.move(path),
      });
    }
  }
  return repairs;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function renewLatest(root: string, quarantine: Quarantine): Repair[] {
  const newest = findNewest(root);
  const path = latestPeriodicPath(root);
  if (newest === undefined) return [];
  const obstacle = obstacleAt(path);
  const latest = obstacle === undefined ? readRecordedIfAny(path) : undefined;
  if (latest?.equals(newest.bytes) === true) return [];
  // What is no file cannot be copied, and a folder could not be replaced either: it moves away as it is.
  const keep = obstacle === undefined ? quarantine.copy : quarantine.move;
  const original = obstacle === undefined && latest === undefined ? null : keep(path);
  updateLatest(root);
  return [{ file: bookPath(root, path), did: `made it a copy of ${newest.name} again`, original }];
}
