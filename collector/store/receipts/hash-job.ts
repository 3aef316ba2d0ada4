import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { sep } from 'node:path';
import type { Xxh64 } from '../../base/xxh64.ts';

/** Bytes of one file's digests: sha256, then xxh64. */
export const digestBytes = 40;
export const shaBytes = 32;

/** What became of a digest. */
export const digestState = { open: 0, done: 1, changed: 2, unreadable: 3 } as const;

/** Which digests an item asks for; large files have one item each, so that two threads can share one file. */
export const itemKinds = { both: 0, sha: 1, xxh: 2 } as const;

/** Files to hash, shared by all threads that work on them: the one who is free takes the next item. */
export interface HashJob {
  base: string;
  paths: readonly string[];
  /** Facts of each file as data-files.ts found them: a file that no longer has them is "changed". */
  facts: BigInt64Array;
  /** file * 4 + kind, in the order they are to be taken. */
  items: Int32Array;
  /** The next item; and 1 as soon as nobody shall begin another. */
  control: Int32Array;
  /** Bytes read for finished and unfinished files; a file with two items counts for its sha256 only. */
  bytesDone: BigInt64Array;
  /** Two for each file: of its sha256 and its xxh64. */
  states: Uint8Array;
  digests: Uint8Array;
}

const chunkBytes = 1024 * 1024;
// A pipe that has taken a file's place must not block us.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Works through a job, item by item; hands over between files and between the pieces of large ones. */
export function* hashItems(job: HashJob, xxh: Xxh64): Generator<undefined> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  for (;;) {
    const next = Atomics.add(job.control, 0, 1);
    if (next >= job.items.length || Atomics.load(job.control, 1) === 1) return;
    const item = job.items[next]!;
    yield* hashItem(job, item >> 2, item & 3, xxh, buffer);
    yield;
  }
}

function* hashItem(
  job: HashJob,
  file: number,
  kind: number,
  xxh: Xxh64,
  buffer: Buffer,
): Generator<undefined> {
  let state: number = digestState.unreadable;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(job.base + sep + job.paths[file]!, openFlags);
    const size = Number(job.facts[file * 4]!);
    if (size <= chunkBytes) hashSmall(job, file, descriptor, size, kind, xxh, buffer);
    else yield* hashLarge(job, file, descriptor, kind, xxh, buffer);
    state = isAsFound(job, file, descriptor) ? digestState.done : digestState.changed;
  } catch {
    // Anyone who collects the results asks again and reports what the system says.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
    if (kind !== itemKinds.xxh) Atomics.store(job.states, file * 2, state);
    if (kind !== itemKinds.sha) Atomics.store(job.states, file * 2 + 1, state);
  }
}

function hashSmall(
  job: HashJob,
  file: number,
  descriptor: number,
  size: number,
  kind: number,
  xxh: Xxh64,
  buffer: Buffer,
): void {
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, buffer, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  const bytes = buffer.subarray(0, length);
  const at = file * digestBytes;
  if (kind !== itemKinds.xxh) job.digests.set(hash('sha256', bytes, 'buffer'), at);
  if (kind !== itemKinds.sha) {
    xxh.begin();
    xxh.update(bytes);
    job.digests.set(xxh.end(), at + shaBytes);
  }
  Atomics.add(job.bytesDone, 0, BigInt(length));
}

function* hashLarge(
  job: HashJob,
  file: number,
  descriptor: number,
  kind: number,
  xxh: Xxh64,
  buffer: Buffer,
): Generator<undefined> {
  const sha = kind === itemKinds.xxh ? undefined : createHash('sha256');
  const withXxh = kind !== itemKinds.sha;
  if (withXxh) xxh.begin();
  for (;;) {
    const count = readSync(descriptor, buffer, 0, chunkBytes, null);
    if (count === 0) break;
    const bytes = buffer.subarray(0, count);
    sha?.update(bytes);
    if (withXxh) xxh.update(bytes);
    if (sha !== undefined) Atomics.add(job.bytesDone, 0, BigInt(count));
    yield;
  }
  const at = file * digestBytes;
  if (sha !== undefined) job.digests.set(sha.digest(), at);
  if (withXxh) job.digests.set(xxh.end(), at + shaBytes);
}

/** Whether the file we read is still the one that was found: same node, size and times, after the last byte was read. */
function isAsFound(job: HashJob, file: number, descriptor: number): boolean {
  const stat = fstatSync(descriptor, { bigint: true });
  const at = file * 4;
  return (
    stat.isFile() &&
    stat.size === job.facts[at] &&
    stat.mtimeNs === job.facts[at + 1] &&
    stat.ctimeNs === job.facts[at + 2] &&
    stat.ino === job.facts[at + 3]
  );
}
