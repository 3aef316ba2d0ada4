import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../helpers.ts';

/** What git is told in these tests, no matter who runs them. */
export const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};

/** Runs git and gives its output. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();
}

/** A bare repository with one commit and some clones of it; with a branch the book lies on that one, as the settings say. */
export function makeClones(
  count: number,
  branch?: string,
  settings = `sync:\n  branch: ${branch}\n`,
): { bare: string; clones: string[] } {
  const folder = temporaryFolder();
  const bare = join(folder, 'origin.git');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  const seed = join(folder, 'seed');
  git(folder, 'clone', '--quiet', bare, seed);
  git(seed, 'checkout', '--quiet', '-B', 'main');
  write(seed, 'code.txt', 'one\n');
  write(seed, '.gitignore', branch === undefined ? '.daybook/\n' : '.daybook/\n/snapshots/\n');
  if (branch !== undefined) write(seed, 'daybook.yaml', settings);
  git(seed, 'add', '.');
  git(seed, 'commit', '--quiet', '-m', 'start');
  git(seed, 'push', '--quiet', '-u', 'origin', 'main');
  const clones = Array.from({ length: count }, (_, number) => join(folder, `clone${number}`));
  for (const clone of clones) git(folder, 'clone', '--quiet', bare, clone);
  return { bare, clones };
}

/** Writes a file and the folders it lies in. */
export function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The text of every file below a folder by its path, hidden ones left out. */
export function filesBelow(root: string, folder = 'snapshots'): Map<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !entry.parentPath.includes('.daybook'));
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** The same of a commit. */
export function filesOf(repository: string, commit = 'main', folder = 'snapshots'): Map<string, string> {
  const paths = git(repository, 'ls-tree', '-r', '--name-only', commit, '--', folder).split('\n');
  return new Map(
    paths
      .filter((path) => path !== '')
      .map((path) => [path, `${git(repository, 'show', `${commit}:${path}`)}\n`]),
  );
}
