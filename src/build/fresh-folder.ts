import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../data/book/alive.ts';

let builds = 0;

/**
 * The folder of one build: another one for each process, because a serve and a build of one book may run at once, and for each
 * build of a process. What builds left that were killed is removed.
 */
export function freshFolder(work: string): string {
  for (const name of existsSync(work) ? readdirSync(work) : []) {
    const pid = /^out-(\d+)(?:-\d+)?(?:-(?:rendering|one))?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(work, name), { recursive: true, force: true });
  }
  builds += 1;
  return join(work, `out-${process.pid}-${builds}`);
}
