import { readdirSync } from 'node:fs';
import { tryGit } from '../../../base/git.ts';
import { isInRepository } from '../../../base/git-trouble.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { snapshotsFolder } from '../../../store/layout.ts';
import { syncedRef, worktreeRefs } from '../refs.ts';

/** A book that lies on a branch of its own and has not been brought into this work tree. */
export interface BookElsewhere {
  /** As people say it: "origin/daybook". */
  name: string;
  /** The ref in this repository that has it; undefined where it has to be fetched first. */
  ref: string | undefined;
  branch: string;
  /** Whether it may be that there is none yet: the branch was not fetched, and what is recorded here may be the first of it. */
  isGuess: boolean;
}

/** The branch that books lie on where nobody named another one. */
export const usualBranch = 'daybook';

/**
 * Looks for a book on a branch of its own, in refs that are here and in the settings; nothing is fetched. Undefined where there is
 * none, where it was brought here before and something of it is here, and where git does not answer.
 */
export async function findElsewhere(root: string): Promise<BookElsewhere | undefined> {
  if (!isInRepository(root)) return undefined;
  const isEmpty = holdsNothing(root);
  const { branch: chosen } = (await readConfigFile(root)).config.sync;
  if (chosen === undefined && !isEmpty) return undefined;
  const branch = chosen ?? usualBranch;
  const patterns = [`refs/heads/${branch}`, `refs/remotes/*/${branch}`, `${worktreeRefs}/synced-*`];
  const listed = await tryGit(root, ['for-each-ref', '--format=%(refname)', ...patterns]).catch(
    () => undefined,
  );
  if (listed?.ok !== true) return undefined;
  const refs = listed.stdout.split('\n').filter((ref) => ref !== '');
  const isSynced = (remote: string) => refs.includes(syncedRef({ remote, branch }));
  const heads = refs.filter((ref) => !ref.startsWith(worktreeRefs)).sort(remoteFirst);
  for (const ref of heads) {
    const remote = /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1] ?? '';
    if (!isEmpty && isSynced(remote)) return undefined;
    if (await holdsBook(root, ref))
      return { name: ref.replace(/^refs\/(heads|remotes)\//, ''), ref, branch, isGuess: false };
  }
  if (chosen === undefined || (!isEmpty && isSynced('origin'))) return undefined;
  const hasRemote = (await tryGit(root, ['config', '--get', 'remote.origin.url'])).ok;
  return hasRemote ? { name: `origin/${branch}`, ref: undefined, branch, isGuess: !isEmpty } : undefined;
}

const remoteFirst = (a: string, b: string) =>
  Number(b.startsWith('refs/remotes/origin/')) - Number(a.startsWith('refs/remotes/origin/'));

async function holdsBook(root: string, ref: string): Promise<boolean> {
  return (await tryGit(root, ['rev-parse', '--verify', '--quiet', `${ref}:./snapshots`])).ok;
}

/** Whether nothing has been recorded here. */
function holdsNothing(root: string): boolean {
  try {
    return !readdirSync(snapshotsFolder(root)).some((name) => /^(action|periodic|latest)_/.test(name));
  } catch {
    return true;
  }
}
