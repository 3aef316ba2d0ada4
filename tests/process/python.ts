import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

/** The Python client: as a package, and as the one file that is copied into projects. */
export const packageFolder = join(root, 'clients', 'python', 'src');
export const singleFileFolder = join(root, 'clients', 'python');
export const pythonTests = join(root, 'tests', 'python');

/** The Python that is there, 3.9 or newer; undefined on a machine without one, where these tests are skipped. */
export const python: string | undefined = ['python3', 'python'].find(
  (name) =>
    spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' }).status ===
    0,
);

/** The environment for a Python that uses the client, and the `daybook` of this repository where it calls for it. */
export function pythonEnv(client = packageFolder): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PYTHONPATH: client,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    DAYBOOK_COMMAND: JSON.stringify([process.execPath, join(root, 'collector', 'cli.ts')]),
    DAYBOOK_SPOOL: '/nonexistent/spool',
  };
  for (const name of ['DAYBOOK_BOOK', 'DAYBOOK_RUN', 'DAYBOOK_RUN_DIR', 'DAYBOOK_ACTION']) delete env[name];
  return env;
}

/** Runs a program and returns what it printed; throws with what it said where it failed. */
export function runPython(
  args: readonly string[],
  { cwd, input, env = pythonEnv() }: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
): string {
  const done = spawnSync(python!, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
  if (done.status !== 0) throw new Error(`${done.error ?? ''}${done.stdout}${done.stderr}`);
  return done.stdout;
}
