import { createHash } from 'node:crypto';
import type { SyncPlace } from './place.ts';

/** Refs of one work tree alone, which nobody pushes or fetches with others. */
export const worktreeRefs = 'refs/worktree/daybook';

/** Where a fetched commit is kept. */
export const tipRef = `${worktreeRefs}/tip`;

/** The commit of a branch of a remote that this work tree has taken in last. */
export function syncedRef({ remote, branch }: Pick<SyncPlace, 'remote' | 'branch'>): string {
  const key = createHash('sha256').update(`${remote}\n${branch}`).digest('hex').slice(0, 12);
  return `${worktreeRefs}/synced-${key}`;
}

/** Where the branches stand. */
export interface Tips {
  head: string | undefined;
  remote: string | undefined;
  synced: string | undefined;
}

/** Reads all of them; `fetched` says whether the remote has the branch. */
export async function readTips(place: SyncPlace, fetched: boolean): Promise<Tips> {
  const { objects, ownRef } = place;
  // What is not pushed goes to a branch here.
  const tip = place.remote === '' ? `refs/heads/${place.branch}` : tipRef;
  const nothing = Promise.resolve(undefined);
  const [head, remote, synced] = await Promise.all([
    ownRef === undefined ? nothing : objects.commit(ownRef),
    fetched || (place.remote === '' && ownRef === undefined) ? objects.commit(tip) : nothing,
    objects.commit(syncedRef(place)),
  ]);
  return { head, remote, synced };
}

/** Where the shards of writers lie at a remote, until somebody seals them. */
export const writerRefs = 'refs/daybook/w';

/** Where a fetch puts what is queued at the remote. */
export const queuedRefs = `${worktreeRefs}/queue`;

/** Where commits queue for a branch of the remote, and where a fetch puts them. */
export function queueRefspec({ branch }: Pick<SyncPlace, 'branch'>): string {
  return `+${queueOf(branch)}/*:${queuedRefs}/*`;
}

/** Where commits queue for a branch of the remote. */
export function queueOf(branch: string): string {
  return `refs/daybook-queue/${createHash('sha256').update(branch).digest('hex').slice(0, 12)}`;
}
