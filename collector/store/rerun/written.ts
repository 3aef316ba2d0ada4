import {
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What lies below a folder, by path with "/", with what changes when a file is written; links are not followed. */
export type FilesBelow = ReadonlyMap<string, string>;

/** The files below a folder as they are now, but for those of git. */
export function filesBelow(folder: string): FilesBelow {
  const found = new Map<string, string>();
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!existsSync(at)) continue;
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && entry.name !== '.git') open.push(path);
      if (!entry.isFile()) continue;
      const { size, mtimeNs, ino } = lstatSync(path, { bigint: true });
      found.set(relative(folder, path), `${size} ${mtimeNs} ${ino}`);
    }
  }
  return found;
}

/** The paths that were written since `before` was taken. */
export function writtenSince(before: FilesBelow, after: FilesBelow): string[] {
  return [...after].filter(([path, facts]) => before.get(path) !== facts).map(([path]) => path);
}

/** Copies a file or folder to where nothing stands yet, and says whether it did; `change` gives a text another content. */
export function keepFile(from: string, to: string, change?: (text: string) => string): boolean {
  if (!existsSync(from) || existsSync(to)) return false;
  mkdirSync(dirname(to), { recursive: true });
  if (change !== undefined) writeFileSync(to, change(readFileSync(from, 'utf8')), { flag: 'wx' });
  else
    cpSync(from, to, {
      recursive: true,
      force: false,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => basename(path) !== '.git',
    });
  return true;
}
