import { createHash } from 'node:crypto';
import { tryGit } from '../../base/git.ts';
import type { SyncPlace } from './place.ts';

/** Refs of one work tree alone, which nobody pushes or fetches with others. */
export const worktreeRefs = 'refs/worktree/daybook';

/** Where a fetched commit is kept. */
export const tipRef = `${worktreeRefs}/tip`;

/** The commit of a branch of a remote that this work tree has taken in last. */
export function syncedRef({ remote, branch }: SyncPlace): string {
  const key = createHash('sha256').update(`${remote}\n${branch}`).digest('hex').slice(0, 12);
  return `${worktreeRefs}/synced-${key}`;
}

/** Where the branches stand. */
export interface Tips {
  head: string | undefined;
  remote: string | undefined;
  synced: string | undefined;
}

/** Reads all of them by one process; `fetched` says whether the remote has the branch. */
export async function readTips(place: SyncPlace, fetched: boolean): Promise<Tips> {
  const own = place.ownRef === undefined ? [] : [place.ownRef];
  const names = [...own, tipRef, syncedRef(place)];
  const { stdout } = await tryGit(place.top, ['for-each-ref', '--format=%(refname) %(objectname)', ...names]);
  const tips = new Map(stdout.split('\n').map((line) => line.split(' ') as [string, string]));
  return {
    head: place.ownRef === undefined ? undefined : tips.get(place.ownRef),
    remote: fetched ? tips.get(tipRef) : undefined,
    synced: tips.get(syncedRef(place)),
  };
}
