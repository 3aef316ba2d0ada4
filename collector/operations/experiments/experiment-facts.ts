import { readFileSync } from 'node:fs';
import { arch, hostname, release, totalmem, type, userInfo } from 'node:os';
import { join } from 'node:path';
import { tryGit } from '../../base/git.ts';
import type { ExperimentFacts } from '../../formats/experiments/change.ts';
import { actionSource } from '../actions/source.ts';

/** What a new experiment takes down of machine, Python environment and code. */
export async function experimentFacts(root: string, env: NodeJS.ProcessEnv): Promise<ExperimentFacts> {
  const { commit, branch } = actionSource(root, env);
  const facts: ExperimentFacts = {
    platform: `${type()}-${release()}-${arch()}`,
    hostname: hostname(),
    username: userName(),
    memory_gb: totalmem() / 1024 ** 3,
    git_dirty: commit === undefined ? false : await isDirty(root),
  };
  const python = pythonVersion(env);
  if (python !== undefined) facts.python_version = python;
  if (commit !== undefined) facts.git_commit = commit;
  if (branch !== undefined) facts.git_branch = branch;
  return facts;
}

async function isDirty(root: string): Promise<boolean> {
  const status = await tryGit(root, ['status', '--porcelain', '--untracked-files=no']).catch(() => undefined);
  return status?.ok === true && status.stdout.trim() !== '';
}

/** The version of the virtual environment that is active; asking Python itself would take longer than everything else. */
function pythonVersion(env: NodeJS.ProcessEnv): string | undefined {
  if (env['VIRTUAL_ENV'] === undefined) return undefined;
  try {
    const text = readFileSync(join(env['VIRTUAL_ENV'], 'pyvenv.cfg'), 'utf8');
    return /^version(?:_info)?\s*=\s*(\S+)/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
