import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { longestPointerBytes, parseLfsPointer } from '../../base/lfs-pointer.ts';
import { type DataFiles, factsPerFile } from './data-files.ts';

/** No pointer with a digest and a size is shorter. */
const shortestPointerBytes = 100;

/**
 * The files of some data that are Git LFS pointers, with the digests of the content they stand for ("sha256:…"); undefined
 * where all are there themselves. Only files of the size of a pointer are looked into.
 */
export function findPointers({ base, paths, facts }: DataFiles): Record<string, string> | undefined {
  const found: Record<string, string> = Object.create(null);
  const head = Buffer.alloc(longestPointerBytes);
  let any = false;
  for (const [at, path] of paths.entries()) {
    const bytes = Number(facts[at * factsPerFile]!);
    if (bytes < shortestPointerBytes || bytes > longestPointerBytes) continue;
    const pointer = parseLfsPointer(head.subarray(0, readHead(join(base, path), head)));
    if (pointer === undefined) continue;
    found[path] = `sha256:${pointer.oid}`;
    any = true;
  }
  return any ? found : undefined;
}

/** A file that went away since it was digested is no pointer. */
function readHead(path: string, head: Buffer): number {
  try {
    const descriptor = openSync(path, 'r');
    try {
      return readSync(descriptor, head, 0, head.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return 0;
  }
}
