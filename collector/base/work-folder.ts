import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, ownMark } from './processes.ts';

let hasSwept = false;

/**
 * A new folder among the temporary ones of the system, for work that ends with this process. Its name says whose it is: what
 * killed processes of this user left goes with the first one that is made.
 */
export function makeWorkFolder(kind: string, home = tmpdir()): string {
  if (!hasSwept || home !== tmpdir()) sweep(home);
  hasSwept = true;
  const { place, pid, start } = ownMark();
  return mkdtempSync(join(home, `daybook-${kind}-${place}-${pid}-${start}-`));
}

const name = /^daybook-[a-z]+-([\w.]+)-(\d+)-(\d+)-\w{6}$/;

function sweep(home: string): void {
  try {
    for (const each of readdirSync(home)) {
      const [, place, pid, start] = name.exec(each) ?? [];
      if (place === undefined || isRunning({ place, pid: Number(pid), start: Number(start) }) !== false)
        continue;
      const path = join(home, each);
      const stat = lstatSync(path);
      if (stat.isDirectory() && stat.uid === process.getuid?.())
        rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Clearing up is for others' sake; what cannot be cleared is no reason not to work.
  }
}
