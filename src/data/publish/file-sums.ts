import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { statIfAny } from '../book/stat-if-any.ts';

/** How a file stood when its checksum was taken; a change that leaves all of it alone does not happen by writing. */
export type FileLook = string;

const known = new Map<string, string>();

/** One for all files: most are small, and a new megabyte for each costs more than reading it. */
let buffer: Buffer | undefined;

/**
 * Size, time of the last change of content, and place on the disk. Not the time of the last change of any kind: giving a
 * file another name, which is how it is published, changes that and no byte.
 */
export function lookOf(path: string): FileLook | undefined {
  const stat = statIfAny(path);
  if (stat?.isFile() !== true) return undefined;
  return `${stat.size} ${stat.mtimeNs} ${stat.dev}:${stat.ino}`;
}

/** SHA-256 of a file; not read again while it stands as it did. Undefined for what is no file, or closed to us. */
export function sumOf(path: string): string | undefined {
  const look = lookOf(path);
  if (look === undefined) return undefined;
  const remembered = known.get(look);
  if (remembered !== undefined) return remembered;
  const sum = readSum(path);
  if (sum !== undefined) known.set(look, sum);
  return sum;
}

/** Takes a checksum from an earlier build: it holds for whatever file still stands so. */
export function rememberSum(look: FileLook, sum: string): void {
  known.set(look, sum);
}

/** Forgets every checksum, as another process has none; for tests. */
export function forgetSums(): void {
  known.clear();
}

/** SHA-256 of a file as it stands now, 32 digits of it; undefined for what cannot be read. */
export function readSum(path: string): string | undefined {
  buffer ??= Buffer.allocUnsafe(1 << 20);
  const sum = createHash('sha256');
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    for (let got = readSync(descriptor, buffer); got > 0; got = readSync(descriptor, buffer))
      sum.update(buffer.subarray(0, got));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
  return sum.digest('hex').slice(0, 32);
}
