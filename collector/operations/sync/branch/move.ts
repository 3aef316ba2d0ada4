import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../base/atomic-file.ts';
import { DaybookError } from '../../../base/errors.ts';
import { runGit } from '../../../base/git.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import type { SyncResult } from '../result.ts';
import { syncBook } from '../sync-book.ts';
import { findWorkTree } from '../work-tree.ts';
import { usualBranch } from './elsewhere.ts';
import { ignoredSnapshots, isCommitted } from './standing.ts';

/** What a book that moved to a branch of its own leaves for the user to commit. */
export interface MovedBook {
  synced: SyncResult;
  /** Files that now say where the book lies. */
  written: string[];
  /** How many files the branch that is checked out no longer has once that is committed. */
  untracked: number;
}

/**
 * Moves a book from the branch that is checked out to one of its own: publishes all of it there first, and only then takes
 * snapshots/ out of the user's index and lets it be ignored. The files stay; the commit is the user's to make.
 */
export async function moveBook(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined },
): Promise<MovedBook> {
  const { sync } = (await readConfigFile(root)).config;
  const branch = options.branch ?? sync.branch ?? usualBranch;
  const settings = sync.branch === branch ? undefined : settingsWith(root, branch);
  const synced = await syncBook(root, { remote: options.remote, branch });
  const written: string[] = [];
  const write = (name: string, text: string) => {
    writeFileAtomic(join(root, name), text);
    written.push(name);
  };
  if (settings !== undefined) write('daybook.yaml', settings);
  const ignore = textOf(root, '.gitignore');
  if (!/^\/?snapshots\/?$/m.test(ignore)) write('.gitignore', joined(ignore, ignoredSnapshots));
  const { tree } = await findWorkTree(root);
  if (tree === undefined || !(await isCommitted(tree))) return { synced, written, untracked: 0 };
  const folder = `${tree.prefix}snapshots`;
  const tracked = await runGit(tree.top, ['ls-files', '-z', '--', folder]);
  await runGit(tree.top, ['rm', '-r', '-f', '--cached', '--quiet', '--', folder]);
  return { synced, written, untracked: tracked.split('\0').length - 1 };
}

function settingsWith(root: string, branch: string): string {
  const text = textOf(root, 'daybook.yaml');
  const line = `  branch: ${branch}\n`;
  if (/^sync:/m.test(text)) {
    const written = text
      .replace(
        /^sync:[ \t]*(#.*)?\n((?:[ \t]*#.*\n|[ \t]*\n)*)(?=[ ]{2}\S)(?! +branch:)/m,
        (head) => `${head}${line}`,
      )
      .replace(
        /^sync:[ \t]*\{[ \t]*(?=.*\}[ \t]*(?:#.*)?$)(?!.*\bbranch:)/m,
        (head) => `${head}branch: ${branch}, `,
      );
    if (written !== text) return written;
    throw new DaybookError('exists', 'daybook.yaml says something else of sync already.', {
      where: 'daybook.yaml',
      hint: `Write "branch: ${branch}" below sync: there, then run daybook sync --move again.`,
    });
  }
  return joined(text, `sync:\n${line}`);
}

function textOf(root: string, name: string): string {
  return existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '';
}

function joined(text: string, more: string): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${more}`;
}
