import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './layout.ts';

/**
 * Makes a folder for what may be thrown away and made again. A cache in a work tree must not become part of what git
 * and receipts record of it.
 */
export function makeCacheFolder(root: string, name = 'cache'): string {
  const folder = join(cacheFolder(root), name);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(cacheFolder(root), '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // It is there already, or git is not our business here.
  }
  return folder;
}
