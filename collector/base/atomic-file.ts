import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from './errors.ts';
import { writeErrorOf } from './system-error.ts';
import { temporaryPathFor } from './temporary-name.ts';

/**
 * Puts a whole file in place: temporary file in the same folder, write, flush, rename, flush the folder.
 * A reader sees the old content or the new, never a part.
 * @throws DaybookError `unwritable` or `disk-full`; the old file is then untouched.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const temporary = temporaryPathFor(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFlushed(temporary, data);
    renameSync(temporary, path);
    flushFolder(dirname(path));
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

/** Puts a whole new file in place and never replaces one; false where the name is taken, also in the meantime. */
export function writeNewFile(path: string, data: string | Uint8Array): boolean {
  const temporary = temporaryPathFor(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFlushed(temporary, data);
    placeNew(temporary, path);
    flushFolder(dirname(path));
    return true;
  } catch (error) {
    // Only where the name is taken: a file in the way of the folder is also "EEXIST", and for ever.
    if (systemCodeOf(error) === 'EEXIST' && existsSync(path)) return false;
    throw writeErrorOf(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

/** Gives a file a second name and never replaces one; false where that name is taken, also in the meantime. */
export function linkToNew(path: string, to: string): boolean {
  try {
    placeNew(path, to);
    flushFolder(dirname(to));
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw writeErrorOf(to, error);
  }
}

/** A link puts the whole file in place at once; file systems without links get an exclusive copy. */
function placeNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    copyFileSync(temporary, path, constants.COPYFILE_EXCL);
  }
}

/** Removes what may or may not be there; the error that led here matters more than one of clearing up. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder itself may be missing or no folder at all.
  }
}

/** Writes a new file and flushes it; the file must not exist. */
export function writeFlushed(path: string, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const descriptor = openSync(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a rename in a folder survive a power cut; systems that cannot flush folders are left alone. */
export function flushFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EINVAL' && code !== 'EACCES') throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
