import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { DaybookError, type ErrorCode } from '../../base/errors.ts';
import { isObject } from '../../base/json/json.ts';
import { parsePlainJson } from '../../base/json/text.ts';
import type { BuildResult, BuildSite } from './site-builder.ts';

const mostText = 4 * 1024 * 1024;

/**
 * Builds in a process of its own, with what is left of the machine: a build reads a whole book and takes all the turns of the
 * process it runs in, and whoever serves the site in the meantime must not wait for it, nor keep what it needed.
 */
export function buildApart(program: readonly string[], signal: AbortSignal): BuildSite {
  return ({ root }) =>
    new Promise((resolve, reject) => {
      const [command, ...before] = program as [string, ...string[]];
      const child = spawn(command, [...before, 'build', '--dir', root, '--no-books', '--json'], {
        cwd: root,
        signal,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      lowerPriority(child.pid);
      const said = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          said[name] = (said[name] + text).slice(-mostText);
        });
      child.once('error', reject);
      child.once('close', (exitCode) => {
        if (exitCode === 0) resolve(parsePlainJson(said.stdout) as BuildResult);
        else reject(errorIn(said.stderr, exitCode));
      });
    });
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It builds as fast as others work, then.
  }
}

/** What the process said went wrong: its last line. */
function errorIn(stderr: string, exitCode: number | null): Error {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  try {
    const said = parsePlainJson(last);
    const error = isObject(said) ? said['error'] : undefined;
    if (isObject(error)) {
      const { code, message, hint, where } = error;
      return new DaybookError(code as ErrorCode, String(message), {
        ...(typeof hint === 'string' ? { hint } : {}),
        ...(typeof where === 'string' ? { where } : {}),
      });
    }
  } catch {
    // It ended without saying why.
  }
  return new Error(`the build ended with ${exitCode ?? 'a signal'}${last === '' ? '' : `: ${last}`}`);
}
