import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly } from '../../base/atomic-file.ts';
import { systemCodeOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';

/**
 * Creates a file that nobody looks for yet, its folder included, and fails where one is; flushed only where asked for,
 * because that takes four times as long as all the rest.
 * @throws DaybookError `unwritable` or `disk-full`; nothing of the file is left then.
 */
export function createFile(path: string, data: string | Buffer, flushes: boolean): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    try {
      writeBytes(path, bytes, flushes);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      mkdirSync(dirname(path), { recursive: true });
      writeBytes(path, bytes, flushes);
    }
  } catch (error) {
    removeQuietly(path);
    throw writeErrorOf(path, error);
  }
}

/** Puts a file in place whole, whether or not one was there: readers see the old content or the new. */
export function placeFile(path: string, data: string | Buffer, flushes: boolean): void {
  const temporary = temporaryPathFor(path);
  createFile(temporary, data, flushes);
  try {
    renameSync(temporary, path);
    if (flushes) flushFolder(dirname(path));
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

/** Takes a file away; nothing happens where there is none. */
export function dropFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function writeBytes(path: string, bytes: Buffer, flushes: boolean): void {
  const descriptor = openNew(path);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    if (flushes) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What stands there already is the rest of something unfinished, or a link that must not be followed. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    rmSync(path);
    return openSync(path, 'wx');
  }
}
