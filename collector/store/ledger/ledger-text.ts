import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly, temporaryPathFor, writeErrorOf } from '../../base/atomic-file.ts';
import { refuseObstacle } from '../recorded-file.ts';

/** A ledger's file as it was written or read: size, time of change and inode. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'none' : `${stat.size} ${stat.mtimeNs} ${stat.ino}`;
}

/** How old a file must be before its stamp alone proves that it is unchanged: clocks of file systems tick slowly. */
const youngMs = 50;

/** Whether a file was changed so lately that another change could have the same time. */
export function isYoung(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < youngMs;
}

/**
 * Puts the text of a whole ledger in place, as the original would write it, and returns its stamp. A link stays one: what
 * it leads to is replaced.
 */
export function writeLedgerText(link: string, bytes: Buffer): string {
  refuseObstacle(link, 'unwritable');
  const path = targetOf(link);
  const temporary = temporaryPathFor(path);
  try {
    const descriptor = openSync(temporary, 'wx', modeOf(path));
    let stamp: string;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      fsyncSync(descriptor);
      const stat = fstatSync(descriptor, { bigint: true });
      stamp = `${stat.size} ${stat.mtimeNs} ${stat.ino}`;
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    flushFolder(dirname(path));
    return stamp;
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

function targetOf(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(path) : path;
}

/** A file that others may write stays so. */
function modeOf(path: string): number {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? 0o666 : mode & 0o777;
}
