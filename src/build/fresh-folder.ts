import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../data/book/alive.ts';

/**
 * The folder this process builds into: one for each, because a serve and a build of one book may run at once.
 * What builds left that were killed is removed.
 */
export function freshFolder(work: string): string {
  for (const name of existsSync(work) ? readdirSync(work) : []) {
    const pid = /^out-(\d+)(?:-rendering)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(work, name), { recursive: true, force: true });
  }
  return join(work, `out-${process.pid}`);
}
