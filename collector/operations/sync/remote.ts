import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError } from '../../base/errors.ts';
import { type GitResult, saidBy, tryGit } from '../../base/git.ts';
import type { SyncPlace } from './place.ts';
import { connectionError, outcomeOf, type PushOutcome } from './push-outcome.ts';
import { queueRefspec, tipRef } from './refs.ts';

/**
 * Fetches the newest commit of the branch into a ref of this work tree's own; false where the remote does not have the
 * branch yet.
 */
export function fetchBranch(place: SyncPlace): Promise<boolean> {
  return fetchRefs(place, [
    '--prune',
    // A clone with part of the history needs no more of the book's.
    ...(place.isShallow && place.ownIndex !== undefined ? ['--depth=1'] : []),
    place.remote,
    `+refs/heads/${place.branch}:${tipRef}`,
    queueRefspec(place),
  ]);
}

/** Fetches refs and nothing else; false where the remote does not have one that was named. */
export async function fetchRefs(place: SyncPlace, wanted: readonly string[]): Promise<boolean> {
  const always = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
  for (let tries = 1; ; tries++) {
    const result = await tryGit(place.top, ['fetch', ...always, ...wanted], { env: place.login });
    if (result.ok) return true;
    if (/couldn't find remote ref/.test(result.stderr)) return false;
    // Another git process in this repository moves the same remote-tracking branch at this moment.
    if (tries < 6 && /cannot lock ref|unable to update local ref/.test(result.stderr))
      await sleep(tries * 50);
    else throw connectionError(result, place.remote) ?? fetchError(result, place.remote);
  }
}

function fetchError(result: GitResult, remote: string): DaybookError {
  return new DaybookError('git', `Nothing could be fetched from ${remote}: ${saidBy(result)}`, {
    hint: `See what git fetch ${remote} says; nothing was changed.`,
    where: remote,
  });
}

/** Pushes a commit to the branch. @throws DaybookError `git` where the remote will not take it, however often one tries. */
export async function pushCommit(
  place: SyncPlace,
  commit: string,
  onto: string | undefined,
): Promise<PushOutcome> {
  if (place.remote === '') return moveBranch(place, commit, onto);
  const result = await pushTo(place, [], [`${commit}:refs/heads/${place.branch}`]);
  return outcomeOf(result, place.remote, place.branch);
}

/** The same for a branch here that is not checked out: it moves only from where it was seen. */
async function moveBranch(place: SyncPlace, commit: string, onto: string | undefined): Promise<PushOutcome> {
  const old = onto ?? '0'.repeat(commit.length);
  const args = ['update-ref', '-m', 'daybook sync', `refs/heads/${place.branch}`, commit, old];
  return (await tryGit(place.top, args)).ok ? 'taken' : 'lost';
}

/** Pushes refs and nothing else: no hooks, tags or submodules. */
export function pushTo(
  place: Pick<SyncPlace, 'top' | 'remote' | 'login'>,
  options: readonly string[],
  refspecs: readonly string[],
): Promise<GitResult> {
  const always = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  return tryGit(place.top, ['push', ...always, ...options, place.remote, ...refspecs], {
    env: place.login,
  });
}
