import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Keeps the fast tests what they are: one that starts a process fails, and belongs to the list in vitest.config.ts. */
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  childProcess[name] = (() => {
    throw new Error(`The fast tests start no process, but this one called ${name}.`);
  }) as never;
}
syncBuiltinESMExports();
