import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { writeNewFile } from '../../base/atomic-file.ts';
import { tryGit } from '../../base/git.ts';
import { absorbLines } from '../../store/log-merge.ts';
import { isPointer } from './apply-merge.ts';
import { type GitEntries, isLink, kindOf } from './book-files.ts';
import type { SyncPlace } from './place.ts';
import { queuedRefs, queueOf } from './refs.ts';
import { pushTo } from './remote.ts';
import type { BookHere } from './scan.ts';

/*
 * Who loses a race puts its commit into a queue at the remote, a ref of its own that nobody else writes, and the one who wins
 * next takes along what is queued. So nobody starves however many push at once. Nobody relies on it either: a sync is done
 * when its own files are found on the branch, no matter who brought them there. Not below refs/daybook/, which people push and
 * fetch as a whole.
 */

/** A sync that has not come back for so long was killed. */
const forgottenMs = 60 * 60_000;

/** Puts a commit into the queue; undefined where the remote takes no such refs, which leaves it to trying again. */
export async function enqueue(place: SyncPlace, commit: string): Promise<string | undefined> {
  const ref = `${queueOf(place.branch)}/${randomUUID()}`;
  return (await pushRefs(place, [`${commit}:${ref}`])) ? ref : undefined;
}

/** Takes refs out of the queue; what stays there is taken out by others after an hour. */
export async function dequeue(place: SyncPlace, refs: readonly string[]): Promise<void> {
  if (refs.length > 0)
    await pushRefs(
      place,
      refs.map((ref) => `:${ref}`),
    );
}

async function pushRefs(place: SyncPlace, refspecs: string[]): Promise<boolean> {
  return (await pushTo(place, ['--quiet'], refspecs)).ok;
}

/** What the last fetch found in the queue. */
export interface Queue {
  commits: string[];
  /** Refs at the remote that were left there by somebody who was killed. */
  forgotten: string[];
}

/** Reads the queue as the last fetch found it. */
export async function readQueue(place: SyncPlace, nowMs = Date.now()): Promise<Queue> {
  const format = '--format=%(refname) %(objectname) %(committerdate:unix)';
  const { stdout } = await tryGit(place.top, ['for-each-ref', format, queuedRefs]);
  const queue: Queue = { commits: [], forgotten: [] };
  for (const line of stdout.split('\n')) {
    const [ref = '', commit = '', seconds] = line.split(' ');
    if (commit === '') continue;
    queue.commits.push(commit);
    if (nowMs - Number(seconds) * 1000 > forgottenMs)
      queue.forgotten.push(ref.replace(queuedRefs, queueOf(place.branch)));
  }
  return queue;
}

/**
 * Takes lines and records that are queued into the work tree, to be published with ours. Only what can stand in nobody's
 * way: a name that is taken, settings and versions are left to the one who queued them.
 */
export async function takeQueued(
  place: SyncPlace,
  here: BookHere,
  theirs: GitEntries,
  commits: readonly string[],
  isUnwanted: (path: string) => boolean,
): Promise<{ here: BookHere; received: number }> {
  const files = new Map(here.files);
  let received = 0;
  for (const commit of commits) {
    const entries = [...(await place.objects.tree(commit))].filter(([path, { mode, oid }]) => {
      if (theirs.get(path)?.oid === oid || isLink(mode) || isUnwanted(path) || here.kept.has(path))
        return false;
      const kind = kindOf(place, path);
      return kind === 'log' || (kind === 'record' && !theirs.has(path) && !files.has(path));
    });
    const blobs = await place.objects.blobs(entries.map(([, { oid }]) => oid));
    for (const [number, [path, entry]] of entries.entries()) {
      const bytes = blobs[number]!;
      const file = join(place.top, path);
      if (isPointer(bytes)) continue;
      if (kindOf(place, path) === 'log') {
        if (absorbLines(file, bytes).added === 0 && files.has(path)) continue;
        files.set(path, { mode: files.get(path)?.mode ?? '100644', oid: undefined });
      } else if (writeNewFile(file, bytes)) files.set(path, entry);
      else continue;
      received++;
    }
  }
  return { here: { ...here, files }, received };
}
