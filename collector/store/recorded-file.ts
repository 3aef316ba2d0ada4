import { lstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaybookError, reasonOf } from '../base/errors.ts';
import { isInside } from '../base/paths.ts';

/**
 * Opens a file of a book for reading. A pipe or device would block or never end, and what a link out of the book leads
 * to is nobody's business but its owner's: neither is opened.
 * @throws DaybookError `unreadable` for those; what the system says where there is nothing or nothing allowed.
 */
export function openRecorded(path: string): number {
  refuseObstacle(path, 'unreadable');
  return openSync(path, 'r');
}

/** The bytes of a file of a book; throws as openRecorded does. */
export function readRecorded(path: string): Buffer {
  refuseObstacle(path, 'unreadable');
  return readFileSync(path);
}

/** The bytes of a file of a book; undefined where there is none. */
export function readRecordedIfAny(path: string): Buffer | undefined {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readRecorded(path);
}

/** The size of a file of a book, 0 for what is none. */
export function sizeOfRecorded(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || obstacleIn(path, stat) !== undefined) return 0;
  return stat.isFile() ? stat.size : statSync(path).size;
}

/** Makes sure that a path is free or a regular file before something is written to it. */
export function refuseObstacle(path: string, code: 'unreadable' | 'unwritable'): void {
  const obstacle = obstacleAt(path);
  if (obstacle === undefined) return;
  throw new DaybookError(code, `Expected a regular file at ${path}, found ${obstacle}.`, {
    where: path,
    hint: 'Move it away, or name another book with --dir.',
  });
}

/** What stands at a path instead of a regular file, as a phrase; undefined for a file and for nothing. */
export function obstacleAt(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : obstacleIn(path, stat);
}

/** Why a file could not be read, as a phrase for a finding. */
export function whyUnreadable(path: string, error: unknown): string {
  try {
    return obstacleAt(path) ?? reasonOf(error);
  } catch {
    return reasonOf(error);
  }
}

function obstacleIn(path: string, stat: Stats): string | undefined {
  return stat.isSymbolicLink() ? obstacleBehind(path) : kindOf(stat);
}

/** A link may lead anywhere within the book: to the folder its own folder lies in, or what that folder is a link to. */
function obstacleBehind(path: string): string | undefined {
  try {
    const target = realpathSync(path);
    const folder = dirname(path);
    const homes = [realpathSync(folder), realpathSync(dirname(folder))];
    if (!homes.some((home) => isInside(home, target))) return 'a link that leads out of the book';
    return kindOf(statSync(target));
  } catch {
    return 'a link that leads nowhere';
  }
}

function kindOf(stat: Stats): string | undefined {
  if (stat.isFile()) return undefined;
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a named pipe';
  return stat.isSocket() ? 'a socket' : 'a device';
}
