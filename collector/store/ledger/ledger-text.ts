import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly } from '../../base/atomic-file.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { refuseObstacle } from '../recorded-file.ts';

/** A ledger's file as it was written or read: size, time of change and inode. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'none' : stampText(stat);
}

function stampText({ size, mtimeNs, ino }: { size: bigint; mtimeNs: bigint; ino: bigint }): string {
  return `${size} ${mtimeNs} ${ino}`;
}

/** How old a file must be before its stamp alone proves that it is unchanged: clocks of file systems tick slowly. */
const youngMs = 50;

/** Whether a file was changed so lately that another change could have the same time. */
export function isYoung(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < youngMs;
}

/** A file as it was left, and whether its stamp alone will tell that somebody else has changed it. */
export interface Written {
  stamp: string;
  isYoung: boolean;
}

/**
 * Puts the text of a whole ledger in place, as the original would write it. A link stays one: what
 * it leads to is replaced.
 */
export function writeLedgerText(link: string, bytes: Buffer): Written {
  refuseObstacle(link, 'unwritable');
  const path = targetOf(link);
  const temporary = temporaryPathFor(path);
  try {
    const descriptor = openSync(temporary, 'wx', modeOf(path));
    let written: Written;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      written = dateBack(descriptor);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    flushFolder(dirname(path));
    return written;
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

/** Of a ledger only its end is read, to find the run that changes. */
const windowBytes = 4096;

/**
 * Changes the end of a ledger where it is: `edit` gets the text before its end and returns from where on in that it is to
 * be other bytes. Anyone who reads without a lock finds the old state or the new one, save for the instant in which some bytes
 * are copied; so does who comes when we are killed, because a change stays within a page, or only adds to the end.
 * Undefined where the ledger has to be written again; "changed" where it is not what `stamp` says.
 */
export function editLedgerEnd(
  path: string,
  stamp: string,
  edit: (end: Buffer) => { from: number; bytes: Buffer; isAdded: boolean } | undefined,
): Written | 'changed' | undefined {
  const descriptor = openSync(path, 'r+');
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (stampText(stat) !== stamp) return 'changed';
    const size = Number(stat.size);
    const end = Buffer.alloc(Math.min(size, windowBytes));
    readSync(descriptor, end, 0, end.length, size - end.length);
    const change = edit(end);
    if (change === undefined) return undefined;
    const at = size - end.length + change.from;
    if (!change.isAdded && pageOf(at) !== pageOf(Math.max(size, at + change.bytes.length) - 1))
      return undefined;
    replaceEnd(descriptor, size, at, change.bytes);
    return dateBack(descriptor);
  } catch (error) {
    throw writeErrorOf(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/** Space behind a ledger means nothing: it is made longer by that first, and shorter behind it, and is whole all the time. */
function replaceEnd(descriptor: number, size: number, at: number, bytes: Buffer): void {
  const end = at + bytes.length;
  try {
    if (end > size) writeAll(descriptor, Buffer.alloc(end - size, '\n'), size);
  } catch (error) {
    ftruncateSync(descriptor, size);
    throw error;
  }
  writeAll(descriptor, Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - end), '\n')]), at);
  if (end < size) ftruncateSync(descriptor, end);
}

function writeAll(descriptor: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
}

function pageOf(at: number): number {
  return Math.floor(at / 4096);
}

/**
 * Dates a file that we have written a little back, to an instant between two ticks of the clock: the one who writes it later,
 * even within the same tick and as many bytes, leaves another time. File systems that keep coarse times make it young.
 */
function dateBack(descriptor: number): Written {
  futimesSync(descriptor, new Date(), Date.now() / 1000 - 0.02 - Math.random() / 1000);
  const stat = fstatSync(descriptor, { bigint: true });
  return { stamp: stampText(stat), isYoung: stat.mtimeNs % 1000n === 0n };
}

function targetOf(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(path) : path;
}

/** A file that others may write stays so. */
function modeOf(path: string): number {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? 0o666 : mode & 0o777;
}
