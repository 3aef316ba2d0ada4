import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Puts the file `fresh` in the place of `target`, whole or not at all, also where the two lie on different disks. */
export function replaceFile(fresh: string, target: string): void {
  const beside = dirname(target);
  mkdirSync(beside, { recursive: true });
  const next = join(beside, `.${basename(target)}-new-${process.pid}`);
  try {
    copyFileSync(fresh, next);
    renameSync(next, target);
  } finally {
    rmSync(next, { force: true });
  }
}
