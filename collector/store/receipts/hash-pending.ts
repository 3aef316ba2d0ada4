import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError, reasonOf } from '../../base/errors.ts';
import { type DataFiles, factsPerFile } from './data-files.ts';
import type { RememberedFiles } from './hash-cache.ts';
import { type HashOptions, hashFiles } from './hash-files.ts';
import { digestBytes, digestState } from './hash-job.ts';

/** The digests of all files, and how much of that had to be read. */
export interface HashedFiles {
  digests: Uint8Array;
  readFiles: number;
  readBytes: number;
}

/** A file that changes while it is read is read again so often. */
const maxAttempts = 3;

/**
 * Takes from memory what is the same as it was and reads the rest. Facts of files that changed in the meantime are set again.
 * @throws DaybookError `unavailable` where more than `budgetBytes` would have to be read; `unreadable`.
 */
export async function hashPending(
  files: DataFiles,
  known: RememberedFiles | undefined,
  options: HashOptions & { budgetBytes?: number },
): Promise<HashedFiles> {
  const digests = new Uint8Array(files.paths.length * digestBytes);
  let pending = takeKnown(files, known, digests);
  const readFiles = pending.length;
  const readBytes = pending.reduce((sum, file) => sum + sizeOf(files, file), 0);
  if (options.budgetBytes !== undefined && readBytes > options.budgetBytes)
    throw overBudget(files, readBytes);
  for (let attempt = 1; pending.length > 0; attempt++) {
    const left = await hashSome(files, pending, digests, options);
    if (left.length > 0 && attempt >= maxAttempts) throw keepsChanging(files, left);
    for (const file of left) lookAgain(files, file);
    pending = left;
  }
  return { digests, readFiles, readBytes };
}

/** Copies what is known and still true; returns the files that are not. */
function takeKnown(files: DataFiles, known: RememberedFiles | undefined, digests: Uint8Array): number[] {
  if (known === undefined) return files.paths.map((_, file) => file);
  const positions = new Map(known.names.split('\0').map((name, position) => [name, position]));
  return files.paths.flatMap((path, file) => {
    const position = positions.get(path);
    if (position === undefined || known.trusted[position] !== 1) return [file];
    for (let fact = 0; fact < factsPerFile; fact++)
      if (known.facts[position * factsPerFile + fact] !== files.facts[file * factsPerFile + fact])
        return [file];
    digests.set(
      known.digests.subarray(position * digestBytes, (position + 1) * digestBytes),
      file * digestBytes,
    );
    return [];
  });
}

/** Reads some files; returns those that were not as they had been found. */
async function hashSome(
  files: DataFiles,
  some: readonly number[],
  digests: Uint8Array,
  options: HashOptions,
): Promise<number[]> {
  const facts = new BigInt64Array(some.length * factsPerFile);
  some.forEach((file, at) => {
    facts.set(files.facts.subarray(file * factsPerFile, (file + 1) * factsPerFile), at * factsPerFile);
  });
  const paths = some.map((file) => files.paths[file]!);
  const hashed = await hashFiles(files.base, paths, facts, options);
  return some.filter((file, at) => {
    const states = [hashed.states[at * 2], hashed.states[at * 2 + 1]];
    if (states.includes(digestState.unreadable)) refuseUnreadable(join(files.base, files.paths[file]!));
    digests.set(hashed.digests.subarray(at * digestBytes, (at + 1) * digestBytes), file * digestBytes);
    return states.some((state) => state !== digestState.done);
  });
}

/** Finds out again what kept a file from being read; where nothing does any more, it is read once more. */
function refuseUnreadable(path: string): void {
  try {
    closeSync(openSync(path, 'r'));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function lookAgain(files: DataFiles, file: number): void {
  const path = join(files.base, files.paths[file]!);
  try {
    const stat = statSync(path, { bigint: true });
    files.facts.set([stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino], file * factsPerFile);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): DaybookError {
  return new DaybookError('unreadable', `${path} cannot be read: ${reasonOf(cause)}.`, {
    where: path,
    hint: 'Check who may read it, and that nothing changes the data in the meantime.',
    cause,
  });
}

function keepsChanging(files: DataFiles, left: readonly number[]): DaybookError {
  const path = join(files.base, files.paths[left[0]!]!);
  const others = left.length === 1 ? '' : ` So do ${left.length - 1} other files.`;
  return new DaybookError('unreadable', `${path} changes while it is read.${others}`, {
    where: path,
    hint: 'Wait until whatever writes there has finished, then try again.',
  });
}

function overBudget(files: DataFiles, bytes: number): DaybookError {
  return new DaybookError('unavailable', `${bytes} bytes below ${files.base} would have to be read.`, {
    where: files.base,
    hint: 'Allow more, or check it with daybook verify.',
  });
}

function sizeOf(files: DataFiles, file: number): number {
  return Number(files.facts[file * factsPerFile]!);
}
