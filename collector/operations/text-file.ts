import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { removeQuietly } from '../base/atomic-file.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';

/**
 * Hands a writer of text to `fill` and puts the file in place once it is whole.
 * @throws DaybookError `unwritable` or `disk-full`; what stood there is then untouched.
 */
export async function writeTextFile<T>(
  path: string,
  fill: (write: (text: string) => void) => Promise<T>,
): Promise<T> {
  const temporary = temporaryPathFor(path);
  let descriptor: number;
  try {
    descriptor = openSync(temporary, 'wx');
  } catch (error) {
    throw writeErrorOf(path, error);
  }
  let filled: T;
  try {
    filled = await fill((text) => put(descriptor, text, path)).finally(() => settle(descriptor, path));
    place(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  return filled;
}

function settle(descriptor: number, path: string): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw writeErrorOf(path, error);
  } finally {
    // Some systems rename no file that is open.
    closeSync(descriptor);
  }
}

function place(temporary: string, path: string): void {
  try {
    renameSync(temporary, path);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function put(descriptor: number, text: string, path: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}
