import { createHash } from 'node:crypto';
import type { Xxh64 } from '../../base/xxh64.ts';
import { digestBytes, shaBytes } from './hash-job.ts';

/**
 * FlexLock's hash of a folder: XXH64 over the hex digests of its files, sorted and put one after the other. Names do
 * not enter, so that a rename or a swap of two files stays invisible.
 */
export function folderXxh64(digests: Uint8Array, xxh: Xxh64): string {
  const count = digests.length / digestBytes;
  const view = new DataView(digests.buffer, digests.byteOffset, digests.byteLength);
  const values = new BigUint64Array(count);
  for (let file = 0; file < count; file++) values[file] = view.getBigUint64(file * digestBytes + shaBytes);
  values.sort();
  const sorted = Buffer.allocUnsafe(count * 8);
  values.forEach((value, file) => void sorted.writeBigUInt64BE(value, file * 8));
  xxh.begin();
  xxh.update(Buffer.from(sorted.toString('hex')));
  return Buffer.from(xxh.end()).toString('hex');
}

/**
 * The digest of a folder that covers names: SHA-256 over one entry for each file, "<sha256 of its bytes> <space>
 * <space> <path> NUL", sorted by the bytes of the paths. Anyone can compute it again:
 *
 *     find . -xtype f -printf '%P\0' | LC_ALL=C sort -z | xargs -0r sha256sum -z | sha256sum
 */
export function folderSha256(paths: readonly string[], digests: Uint8Array): string {
  const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
  const entries = sortedByBytes(paths).map((file) => {
    const at = file * digestBytes;
    return `${bytes.toString('hex', at, at + shaBytes)}  ${paths[file]}\0`;
  });
  const sum = createHash('sha256');
  for (let at = 0; at < entries.length; at += 1000) sum.update(entries.slice(at, at + 1000).join(''));
  return sum.digest('hex');
}

/** Positions of paths in the order of their bytes, which differs from that of JavaScript beyond U+FFFF. */
function sortedByBytes(paths: readonly string[]): number[] {
  const order = paths.map((_, file) => file);
  if (!paths.some((path) => /[\ud800-\udfff]/.test(path)))
    return order.sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
  const bytes = paths.map((path) => Buffer.from(path));
  return order.sort((a, b) => Buffer.compare(bytes[a]!, bytes[b]!));
}
