import { resolve } from 'node:path';
import { bookPath, isInside } from '../../base/paths.ts';
import { createXxh64 } from '../../base/xxh64.ts';
import type { ReceiptInput } from '../../formats/receipts/record.ts';
import { cacheFolder } from '../layout.ts';
import { type DataFiles, factsPerFile, listDataFiles, type SkippedEntry } from './data-files.ts';
import { findPointers } from './data-pointers.ts';
import { folderSha256, folderXxh64 } from './folder-digest.ts';
import { readHashCache, writeHashCache } from './hash-cache.ts';
import type { HashOptions } from './hash-files.ts';
import { digestBytes, shaBytes } from './hash-job.ts';
import { hashPending } from './hash-pending.ts';

/** What digesting data may be told. */
export interface DigestOptions extends HashOptions {
  /** The book: paths are recorded relative to it, and its .daybook/ holds the cache and is no data. */
  root: string;
  /** Where relative paths start; the book where it is not given. */
  from?: string;
  /** Whether to name the digest of every file: always, never, or (the default) where there are at most 100. */
  manifest?: 'always' | 'small' | 'never';
  /** off: neither read nor written; read: not written. */
  cache?: 'use' | 'read' | 'off';
  /** More bytes than this are not hashed: `unavailable`. What the cache knows costs nothing. */
  budgetBytes?: number;
  nowMs?: () => number;
}

/** What data is, by its bytes. */
export interface DataDigest {
  /** FlexLock's value: 16 hex digits. */
  xxh64: string;
  input: ReceiptInput;
  /** What lies there and is not covered. */
  skipped: SkippedEntry[];
  /** How much had to be read; the rest was known. */
  readFiles: number;
  readBytes: number;
}

const smallManifest = 100;
/** Hashing so little costs less than remembering it. */
const cacheFromBytes = 1024 * 1024;
const cacheFromFiles = 20;
/** Clocks of file systems are coarse: what changed so shortly before it was read may change again unnoticed. */
const racyMs = 2000;

/**
 * The digests of a file, a folder or a glob: FlexLock's and the stronger one of receipts. Streams, uses several cores
 * on long work and remembers what it saw by path, size, times in nanoseconds and inode of every single file.
 * @throws DaybookError `not-found`; `unreadable` where a file cannot be read or keeps changing; `unavailable` over budget.
 */
export async function digestData(path: string, options: DigestOptions): Promise<DataDigest> {
  const absolute = resolve(options.from ?? options.root, path);
  const files = await listDataFiles(absolute, cacheFolder(options.root));
  const bytes = totalBytes(files.facts);
  const isCached =
    options.cache !== 'off' && (bytes >= cacheFromBytes || files.paths.length >= cacheFromFiles);
  const names = isCached ? files.paths.map((name) => `${name}\0`).join('') : '';
  const known = isCached ? readHashCache(options.root, `${files.kind}\0${absolute}`) : undefined;
  const isSame =
    known !== undefined &&
    known.names === names &&
    sameBytes(known.facts, files.facts) &&
    !known.trusted.includes(0);
  if (isSame)
    return result(absolute, files, known.digests, known.whole, options, { readFiles: 0, readBytes: 0 });

  const startedNs = BigInt(Math.floor((options.nowMs ?? Date.now)() - racyMs)) * 1_000_000n;
  const { digests, ...read } = await hashPending(files, known, options);
  const whole = await digestWhole(files, digests);
  if (isCached && options.cache !== 'read') {
    const trusted = Uint8Array.from(files.paths, (_, at) =>
      files.facts[at * factsPerFile + 2]! < startedNs ? 1 : 0,
    );
    writeHashCache(options.root, `${files.kind}\0${absolute}`, {
      names,
      facts: files.facts,
      digests,
      trusted,
      whole,
    });
  }
  return result(absolute, files, digests, whole, options, read);
}

function totalBytes(facts: BigInt64Array): number {
  let bytes = 0;
  for (let at = 0; at < facts.length; at += factsPerFile) bytes += Number(facts[at]!);
  return bytes;
}

function sameBytes(a: BigInt64Array, b: BigInt64Array): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

function bytesOf(array: BigInt64Array | Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

async function digestWhole(files: DataFiles, digests: Uint8Array): Promise<Uint8Array> {
  if (files.kind === 'file') return digests;
  const whole = Buffer.alloc(digestBytes);
  whole.write(folderSha256(files.paths, digests), 'hex');
  whole.write(folderXxh64(digests, await createXxh64()), shaBytes, 'hex');
  return whole;
}

function result(
  absolute: string,
  files: DataFiles,
  digests: Uint8Array,
  whole: Uint8Array,
  { root, manifest = 'small' }: DigestOptions,
  read: { readFiles: number; readBytes: number },
): DataDigest {
  const withManifest =
    files.kind !== 'file' &&
    (manifest === 'always' || (manifest === 'small' && files.paths.length <= smallManifest));
  const bytes = bytesOf(whole);
  return {
    xxh64: bytes.toString('hex', shaBytes, digestBytes),
    input: {
      path: isInside(root, absolute) ? bookPath(root, absolute) : absolute.replaceAll('\\', '/'),
      kind: files.kind,
      bytes: totalBytes(files.facts),
      files: files.paths.length,
      digest: `sha256:${bytes.toString('hex', 0, shaBytes)}`,
      manifest: withManifest ? manifestOf(files.paths, bytesOf(digests)) : undefined,
      pointers: findPointers(files),
    },
    skipped: files.skipped,
    ...read,
  };
}

function manifestOf(paths: readonly string[], digests: Buffer): Record<string, string> {
  const manifest: Record<string, string> = Object.create(null);
  paths.forEach((path, file) => {
    const at = file * digestBytes;
    manifest[path] = `sha256:${digests.toString('hex', at, at + shaBytes)}`;
  });
  return manifest;
}
