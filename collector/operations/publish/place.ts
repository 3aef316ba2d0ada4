import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { tryGit } from '../../base/git.ts';
import { showText } from '../../base/show.ts';

/** Where a site is published: a folder of this machine, or a branch of the repository. */
export type PublishPlace = { kind: 'folder'; path: string } | { kind: 'branch'; branch: string };

/** The branch that hosts of pages look for; it is meant also where there is none yet. */
const usualBranch = 'gh-pages';

/**
 * What a word means as a place: a folder where it looks like a path or is one, a branch where there is one of that name, or
 * what `as` says. @throws DaybookError `usage` where it may be both, or neither.
 */
export async function publishPlace(
  root: string,
  cwd: string,
  word: string,
  as: PublishPlace['kind'] | undefined,
): Promise<PublishPlace> {
  const path = resolve(cwd, word);
  const folder = { kind: 'folder', path } as const;
  if (as === 'folder' || (as === undefined && /^[./~]|[/\\]$|^[A-Za-z]:\\/.test(word))) return folder;
  const branch = { kind: 'branch', branch: word } as const;
  if (as === 'branch') return await checked(root, branch);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const isBranch = await hasBranch(root, word);
  if (isFolder && isBranch)
    throw new DaybookError('usage', `"${showText(word)}" is a folder here and a branch of the repository.`, {
      hint: 'Say which with --as folder or --as branch.',
    });
  if (isFolder) return folder;
  if (isBranch || word === usualBranch) return await checked(root, branch);
  throw new DaybookError('usage', `There is neither a folder nor a branch "${showText(word)}".`, {
    hint: `Write ./${showText(word)} or --as folder for a new folder, --as branch for a new branch.`,
  });
}

async function hasBranch(root: string, name: string): Promise<boolean> {
  const refs = await tryGit(root, ['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes']);
  const isNamed = (ref: string) =>
    ref === `refs/heads/${name}` || ref.replace(/^refs\/remotes\/[^/]+\//, '') === name;
  return refs.ok && refs.stdout.split('\n').some(isNamed);
}

async function checked<Place extends { branch: string }>(root: string, place: Place): Promise<Place> {
  const isName = !place.branch.startsWith('-');
  if (isName && (await tryGit(root, ['check-ref-format', `refs/heads/${place.branch}`])).ok) return place;
  throw new DaybookError('usage', `Expected the name of a branch, found "${showText(place.branch)}".`, {
    hint: 'For example: daybook publish gh-pages.',
  });
}
