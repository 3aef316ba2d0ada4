import { spawnSync } from 'node:child_process';
import { commandLine } from './command-line.ts';

/** One call of the file system that fails. */
export interface FileFault {
  call: 'openSync' | 'writeSync' | 'fdatasyncSync' | 'mkdirSync' | 'renameSync' | 'linkSync';
  /** A regular expression for the paths it fails for. */
  path: string;
  /** Only this time, from 1; every time where it is not given. */
  nth?: number;
  code: string;
}

/** What a disk can answer; each with the words a person must get to read. */
export const diskErrors = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota for this disk is used up',
  EFBIG: 'may not grow any further',
  EROFS: 'mounted read-only',
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EIO: 'the disk reported an error',
  EMFILE: 'too many files open',
  ENOTDIR: 'a file stands where a folder should be',
  EISDIR: 'a folder stands where a file should be',
  ELOOP: 'lead round in a circle',
} as const;

const preload = new URL('./process/faulty-files.ts', import.meta.url).href;

/** Runs the command line in a process of its own, on a file system with faults and with a spool of its own. */
export function runFaulty(
  root: string,
  argv: readonly string[],
  { faults = [], spool, input = '' }: { faults?: readonly FileFault[]; spool: string; input?: string },
) {
  const options = faults.length === 0 ? [] : ['--import', preload];
  return spawnSync(process.execPath, [...options, commandLine, ...argv], {
    cwd: root,
    input,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, DAYBOOK_SPOOL: spool, DAYBOOK_TEST_FAULTS: JSON.stringify(faults) },
  });
}
