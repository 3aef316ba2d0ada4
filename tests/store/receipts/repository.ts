import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../helpers.ts';

/** Runs git in a folder with an identity and nobody's configuration; its output without the last newline. */
export function git(folder: string, ...args: string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  };
  const allowed = ['-c', 'protocol.file.allow=always', '-c', 'core.fsync=none'];
  return execFileSync('git', [...allowed, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trimEnd();
}

/** Puts files into a folder. */
export function put(folder: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A repository with one commit. */
export function repository(files: Record<string, string> = { 'a.txt': 'a\n' }, ...options: string[]): string {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main', ...options);
  put(folder, files);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '-m', 'first');
  return folder;
}

/** Everything of a repository that a shadow commit must leave as it is. */
export function stateOf(folder: string): string {
  return [
    git(folder, 'status', '--porcelain=v2', '--branch', '--ignored'),
    git(folder, 'ls-files', '--stage', '--debug'),
    git(folder, 'for-each-ref', 'refs/heads', 'refs/tags'),
    git(folder, 'reflog', '--all'),
    git(folder, 'symbolic-ref', '--quiet', 'HEAD'),
  ].join('\n');
}
