import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../data/book/alive.ts';

/**
 * Puts the folder `fresh` in the place of `target`. The new folder is complete beside the old one before the names are
 * changed, so a reader never sees half of it; where the two lie on different disks it is copied over first.
 */
export function replaceFolder(fresh: string, target: string): void {
  const beside = dirname(target);
  mkdirSync(beside, { recursive: true });
  const old = join(beside, `.${basename(target)}-old-${process.pid}`);
  const next = join(beside, `.${basename(target)}-new-${process.pid}`);
  try {
    moveOrCopy(fresh, next);
    if (existsSync(target)) renameSync(target, old);
    try {
      renameSync(next, target);
    } catch (error) {
      if (existsSync(old)) renameSync(old, target);
      throw error;
    }
  } finally {
    rmSync(old, { recursive: true, force: true });
    rmSync(next, { recursive: true, force: true });
    removeLeft(beside, basename(target));
  }
}

/** What builds left that were killed between the two names. */
function removeLeft(beside: string, name: string): void {
  for (const each of readdirSync(beside)) {
    if (!each.startsWith(`.${name}-`)) continue;
    const pid = /^(?:old|new)-(\d+)$/.exec(each.slice(name.length + 2))?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(beside, each), { recursive: true, force: true });
  }
}

function moveOrCopy(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true, force: true });
  }
}
