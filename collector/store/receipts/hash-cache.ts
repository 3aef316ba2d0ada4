import { closeSync, fstatSync, openSync, readSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { crc32, sha256Hex } from '../../base/hash.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { makeCacheFolder } from '../cache-folder.ts';
import { cacheFolder } from '../layout.ts';
import { factsPerFile } from './data-files.ts';
import { digestBytes } from './hash-job.ts';
import { pruneHashCache } from './prune-hash-cache.ts';

/** What is remembered of a data path: its files as they were, their digests, and which of them can be trusted. */
export interface RememberedFiles {
  /** The paths, each followed by NUL, in the order they were found. */
  names: string;
  facts: BigInt64Array;
  digests: Uint8Array;
  /** 1 for files that had been at rest for a while when they were read. */
  trusted: Uint8Array;
  /** Digest of the whole, in the same form as that of a file. */
  whole: Uint8Array;
}

/*
 * One file for each data path below .daybook/cache/hashes, replaced whole, so that any number of processes may use it:
 * 8 bytes mark, u32 CRC-32 of what follows, u32 count, u32 bytes of names, u32 unused, whole, facts, digests, trusted, names.
 */
const mark = 'daybook1';
const headBytes = 24;
const perFileBytes = factsPerFile * 8 + digestBytes + 1;
const dayMs = 24 * 60 * 60 * 1000;

/** Where digests of data are remembered. */
export function hashCacheFolder(root: string): string {
  return join(cacheFolder(root), 'cache', 'hashes');
}

/** What is remembered of a data path; undefined where that is nothing or damaged. */
export function readHashCache(root: string, key: string): RememberedFiles | undefined {
  try {
    const path = cachePath(root, key);
    const bytes = readAligned(path);
    return parse(bytes);
  } catch {
    return undefined; // No cache is never an error: everything is hashed again.
  }
}

function cachePath(root: string, key: string): string {
  return join(hashCacheFolder(root), `${sha256Hex(key).slice(0, 40)}.bin`);
}

/** The numbers in the file are read where they stand, for which its bytes must begin at a multiple of eight. */
function readAligned(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const stat = fstatSync(descriptor);
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(descriptor, bytes, at, bytes.length - at, null);
      if (count === 0) throw new Error('shortened in the meantime');
      at += count;
    }
    // Pruning goes by the time of the last use.
    if (Date.now() - stat.mtimeMs > dayMs) utimesSync(path, new Date(), new Date());
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function parse(bytes: Buffer): RememberedFiles | undefined {
  if (bytes.length < headBytes + digestBytes || bytes.toString('latin1', 0, 8) !== mark) return undefined;
  const count = bytes.readUInt32LE(12);
  const nameBytes = bytes.readUInt32LE(16);
  if (bytes.length !== headBytes + digestBytes + count * perFileBytes + nameBytes) return undefined;
  if (crc32(bytes.subarray(12)) !== bytes.readUInt32LE(8)) return undefined;
  let at = headBytes;
  const next = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const whole = next(digestBytes);
  const facts = next(count * factsPerFile * 8);
  const digests = next(count * digestBytes);
  const trusted = next(count);
  return {
    names: next(nameBytes).toString(),
    facts: new BigInt64Array(facts.buffer, facts.byteOffset, count * factsPerFile),
    digests,
    trusted,
    whole,
  };
}

/** Remembers a data path. What stands in the way (no space, a read-only book) is no error. */
export function writeHashCache(root: string, key: string, files: RememberedFiles): void {
  const folder = hashCacheFolder(root);
  const path = cachePath(root, key);
  const temporary = temporaryPathFor(path);
  try {
    makeCacheFolder(root, join('cache', 'hashes'));
    writeFileSync(temporary, serialize(files), { flag: 'wx' });
    renameSync(temporary, path);
    pruneHashCache(folder);
  } catch {
    removeQuietly(temporary);
  }
}

function serialize({ names, facts, digests, trusted, whole }: RememberedFiles): Buffer {
  const nameBytes = Buffer.from(names);
  const head = Buffer.alloc(headBytes);
  head.write(mark, 'latin1');
  head.writeUInt32LE(trusted.length, 12);
  head.writeUInt32LE(nameBytes.length, 16);
  const factBytes = Buffer.from(facts.buffer, facts.byteOffset, facts.byteLength);
  const bytes = Buffer.concat([head, whole, factBytes, digests, trusted, nameBytes]);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}
