import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { isLeftBehind, temporaryPrefix } from '../../base/temporary-name.ts';

const maxFiles = 512;
const maxBytes = 256 * 1024 * 1024;

/** Keeps a folder of remembered digests bounded: what was not used for longest goes, and what killed writers left. */
export function pruneHashCache(folder: string, nowMs = Date.now(), limits = { maxFiles, maxBytes }): void {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (!name.startsWith(temporaryPrefix)) return [{ path, bytes: stat.size, usedMs: stat.mtimeMs }];
    if (isLeftBehind(name, stat.mtimeMs, nowMs)) removeQuietly(path);
    return [];
  });
  files.sort((a, b) => b.usedMs - a.usedMs);
  let bytes = 0;
  files.forEach(({ path, bytes: size }, position) => {
    bytes += size;
    if (position > 0 && (position >= limits.maxFiles || bytes > limits.maxBytes)) removeQuietly(path);
  });
}
