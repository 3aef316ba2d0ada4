import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushFolder, removeQuietly, writeFlushed } from '../../base/atomic-file.ts';
import { type CodeRepository, runCodeGit, textOf } from './code-repository.ts';

/** The ref that keeps a shadow commit from being cleared away. */
export function shadowRef(commit: string): string {
  return `refs/daybook/runs/${commit.slice(0, 12)}`;
}

/** Whether an earlier run left this commit and its ref; where refs are stored in another way, it is simply made again. */
export function isKept({ common }: CodeRepository, commit: string): boolean {
  return textOf(join(common, shadowRef(commit))) === commit;
}

/** Sets the ref of a shadow commit. @throws DaybookError `git` where it cannot be set. */
export async function keepCommit(repository: CodeRepository, commit: string): Promise<void> {
  if (!writeLooseRef(repository, commit)) {
    await runCodeGit(repository.top, ['update-ref', shadowRef(commit), commit]);
  }
}

/**
 * A ref as a file of its own, put in place as git does it: a lock file that must not exist, then a rename. It saves a
 * start of git in every receipt. False where refs are stored in another way or anything stands in the way.
 */
function writeLooseRef({ common }: CodeRepository, commit: string): boolean {
  const path = join(common, shadowRef(commit));
  if (!existsSync(join(common, 'refs/heads')) || existsSync(join(common, 'reftable'))) return false;
  const lock = `${path}.lock`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFlushed(lock, `${commit}\n`);
  } catch {
    return false;
  }
  try {
    renameSync(lock, path);
    flushFolder(dirname(path));
    return true;
  } catch {
    removeQuietly(lock);
    return false;
  }
}
