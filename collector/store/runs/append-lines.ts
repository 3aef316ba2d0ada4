import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeErrorOf } from '../../base/system-error.ts';
import { refuseObstacle } from '../recorded-file.ts';

/**
 * Appends whole lines of another copy of a file to it, and flushes them; the file is made where it is not there. False, and nothing
 * done, where its last line is not finished: somebody may be in the middle of it, and comes to its end.
 */
export function appendLines(path: string, lines: Buffer): boolean {
  if (lines.length === 0) return true;
  refuseObstacle(path, 'unwritable');
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a+');
    try {
      if (!endsWhole(descriptor)) return false;
      for (let done = 0; done < lines.length; ) done += writeSync(descriptor, lines, done);
      fsyncSync(descriptor);
      return true;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function endsWhole(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === 10);
}
