import { readFileSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { DaybookError, reasonOf } from '../../base/errors.ts';
import { runGit, saidBy, tryGit } from '../../base/git.ts';
import { showText } from '../../base/show.ts';
import { maxContentBytes, parseContent, tooLarge } from './parse-content.ts';
import type { Thing } from './thing.ts';

/**
 * The file at a path, relative to `from` or to the book; undefined where there is none, or a folder.
 * @throws DaybookError `bad-input` where it is not a regular file, is too large or cannot be understood; `unreadable`.
 */
export function fileThing(id: string, from: string, root: string | undefined): Thing | undefined {
  for (const folder of root === undefined ? [from] : [from, root]) {
    const path = resolve(folder, id);
    const stat = statOf(path);
    if (stat === undefined || stat.isDirectory()) continue;
    if (!stat.isFile()) throw notRegular(id);
    if (stat.size > maxContentBytes) throw tooLarge(id, stat.size);
    return { kind: 'file', name: id, atUs: Math.floor(stat.mtimeMs * 1000), ...parseContent(id, read(path)) };
  }
  return undefined;
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function notRegular(id: string): DaybookError {
  return new DaybookError(
    'bad-input',
    `Expected a regular file at ${showText(id)}, found a pipe or a device.`,
    {
      where: id,
      hint: 'Save it to a file first.',
    },
  );
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DaybookError('unreadable', `The file cannot be read: ${reasonOf(error)}.`, {
      where: path,
      cause: error,
    });
  }
}

/**
 * A file as it is in a commit: "git:<rev>:<path>", the path from the top of the repository or from `from`. Undefined for
 * ids that do not begin so.
 * @throws DaybookError `usage` where rev or path is missing, `not-found` where git knows no such thing.
 */
export async function gitThing(id: string, from: string): Promise<Thing | undefined> {
  if (!id.startsWith('git:')) return undefined;
  const [, rev, path] = /^git:([^:]+):(.+)$/s.exec(id) ?? [];
  if (rev === undefined || path === undefined || rev.startsWith('-')) {
    throw new DaybookError('usage', `Expected git:<revision>:<path>, found "${showText(id)}".`, {
      hint: 'For example git:HEAD~1:config.yaml.',
    });
  }
  const commit = await tryGit(from, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${rev}^{commit}`,
  ]);
  if (!commit.ok) throw await unknownRevision(rev, from);
  const hash = commit.stdout.trim();
  const top = (await runGit(from, ['rev-parse', '--show-toplevel'])).trim();
  const near = relative(top, resolve(from, path)).split(sep).join('/');
  for (const candidate of [path.replace(/^\.?\//, ''), near]) {
    const kind = await tryGit(from, ['cat-file', '-t', `${hash}:${candidate}`]);
    if (kind.ok && kind.stdout.trim() === 'blob')
      return blobThing(id, `${hash}:${candidate}`, candidate, hash, from);
  }
  throw new DaybookError('not-found', `There is no file "${showText(path)}" in ${showText(rev)}.`, {
    where: id,
    hint: `git ls-tree -r --name-only ${/^[\w./~^-]+$/.test(rev) ? rev : '<revision>'} lists its files.`,
  });
}

async function blobThing(
  name: string,
  spec: string,
  path: string,
  hash: string,
  from: string,
): Promise<Thing> {
  const size = Number((await runGit(from, ['cat-file', '-s', spec])).trim());
  if (size > maxContentBytes) throw tooLarge(name, size);
  const { stdout } = await tryGit(from, ['cat-file', 'blob', spec], { binary: true });
  const seconds = Number((await runGit(from, ['show', '-s', '--format=%ct', hash])).trim());
  return { kind: 'git', name, atUs: seconds * 1e6, ...parseContent(path, Buffer.from(stdout, 'latin1')) };
}

async function unknownRevision(rev: string, from: string): Promise<DaybookError> {
  const inside = await tryGit(from, ['rev-parse', '--is-inside-work-tree']);
  if (!inside.ok) {
    return new DaybookError('not-found', `There is no git repository here: ${saidBy(inside)}.`, {
      where: from,
    });
  }
  return new DaybookError('not-found', `There is no revision "${showText(rev)}" in this repository.`, {
    hint: 'Name a commit, a branch, a tag, or HEAD~1.',
  });
}
