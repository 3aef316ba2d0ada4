import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushFolder, removeQuietly, writeFlushed } from '../../base/atomic-file.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
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
 * A ref as a file of its own, put in place whole by a rename: it saves a start of git in every receipt. Its name says
 * what it holds, so the one who writes it at the same time writes the same. False where refs are stored in another way or
 * anything stands in the way.
 */
function writeLooseRef({ common }: CodeRepository, commit: string): boolean {
  const path = join(common, shadowRef(commit));
  if (!existsSync(join(common, 'refs/heads')) || existsSync(join(common, 'reftable'))) return false;
  // Not beside the ref, where git would take what a killed writer leaves for a broken ref.
  const temporary = temporaryPathFor(join(common, 'daybook-ref'));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFlushed(temporary, `${commit}\n`);
    renameSync(temporary, path);
    flushFolder(dirname(path));
    return true;
  } catch {
    removeQuietly(temporary);
    return false;
  }
}
