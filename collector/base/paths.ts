import { existsSync, lstatSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

const bookMarks = ['daybook.yaml', 'snapshots', '.git'];

/** The nearest folder upwards that holds daybook.yaml, snapshots/ or .git; undefined where there is none. */
export function findBookRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (bookMarks.some((mark) => isThere(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Also a link that leads nowhere: what it leads to may be a disk that is not mounted. */
function isThere(path: string): boolean {
  if (existsSync(path)) return true;
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const safeId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;
const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether an id may become a file name: no separators, no "..", no Windows device, no trailing dot. */
export function isSafeId(id: string): boolean {
  return safeId.test(id) && !windowsDevice.test(id) && !id.endsWith('.') && !id.includes('..');
}

/** Whether `path` lies in `folder` or is it; both are resolved first. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path relative to the book, with forward slashes, as findings and pages show it. */
export function bookPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
