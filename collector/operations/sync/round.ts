import { tryGit } from '../../base/git.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { hasAllLines } from '../../store/log-merge.ts';
import { type GitEntries, kindOf } from './book-files.ts';
import { isBefore, lineageLine, nextLineage, readLineage } from './branch/lineage.ts';
import { commitBook } from './commit.ts';
import { type MergedBook, mergeBooks } from './merge.ts';
import type { SyncPlace } from './place.ts';
import type { PushOutcome } from './push-outcome.ts';
import { readQueue, takeQueued } from './queue.ts';
import { readTips } from './refs.ts';
import { pushCommit } from './remote.ts';
import { runEntriesOf } from './runs/gather-runs.ts';
import type { JoinedRuns, RunsWish } from './runs/join-context.ts';
import type { BookHere } from './scan.ts';
import { refuseUserCommits } from './user-commits.ts';

/** One merge, commit and push, and what it came to. */
export interface Round {
  outcome: PushOutcome;
  commit: string | undefined;
  /** How many files the commit changes. */
  files: number;
  head: string | undefined;
  /** The commit it was made upon. */
  onto: string | undefined;
  ofBranch: GitEntries;
  ofLastSync: GitEntries;
  merged: MergedBook;
  /** Files of runs, where they are taken along. */
  runs: JoinedRuns | undefined;
  /** What lies in the queue of the remote and nobody will come back for. */
  forgotten: string[];
}

/** Others are pushing and may bring along what we have queued: nothing was merged or committed. */
export interface Waiting {
  outcome: 'waiting';
  onto: string | undefined;
}

/**
 * Merges the book with what was fetched and what is queued, commits and pushes it; `queued` is our own commit there: once
 * all of it is on the branch, nothing is left to push. Where it is not, and the branch has moved on from `movedFrom`, others
 * are at work: pushing too would only hold them up.
 */
export async function syncOnce(
  place: SyncPlace,
  root: string,
  here: BookHere,
  fetched: boolean,
  options: {
    message?: string | undefined;
    push: boolean;
    queued?: string | undefined;
    movedFrom?: string | undefined;
    runs?: RunsWish | undefined;
  },
): Promise<Round | Waiting> {
  const { head, remote, synced } = await readTips(place, fetched);
  const isApart = place.ownIndex !== undefined;
  const onto = options.push || isApart ? remote : head;
  const { tree } = place.objects;
  const [theirs, ofBranch, ofLastSync, fork] = await Promise.all([
    tree(onto),
    tree(head),
    tree(synced),
    forkOf(place, head, onto),
  ]);
  const isBrought = options.queued !== undefined && (await isOnBranch(place, options.queued, theirs));
  if (!isBrought && options.movedFrom !== undefined && onto !== options.movedFrom)
    return { outcome: 'waiting', onto };
  const isShortened = fork === undefined && (await isSameBook(place, head, onto));
  if (options.push && head !== undefined && fork !== head && !isShortened)
    await refuseUserCommits(place, head, remote);
  const isOnWay =
    synced !== undefined && (synced === onto || synced === fork || (await leadsTo(place, synced, onto)));
  const bases = [...(fork === undefined ? [] : [await tree(fork)]), ...(isOnWay ? [ofLastSync] : [])];
  const queue = options.push && !isBrought ? await readQueue(place) : { commits: [], forgotten: [] };
  const queued = queue.commits.filter((each) => each !== options.queued);
  const taken = await takeQueued(place, here, theirs, queued, (path) => {
    return here.absent.has(path) || (!here.files.has(path) && (here.gone.has(path) || ofBranch.has(path)));
  });
  const merged = await mergeBooks(place, root, taken.here, { theirs, bases, checkedOut: ofBranch });
  const theirRuns: GitEntries = options.runs === undefined ? new Map() : await runEntriesOf(place, onto);
  const runs = options.runs && (await joinRunsOf(place, root, theirRuns, options.runs));
  merged.received += taken.received + (runs?.received ?? 0);
  const parents = onto === undefined ? [] : [onto];
  // A commit of ours with a file that could not be merged stays apart: to join it would undo that file unseen.
  const isJoined = head !== undefined && onto !== undefined && fork !== head && !isShortened;
  if (isJoined && merged.conflicts.length === 0) parents.push(head);
  const round = { head, onto, ofBranch, ofLastSync, merged, runs, forgotten: queue.forgotten };
  // What came to the work tree since, others' queued lines among it, is published by those who queued it, or next time.
  if (isBrought && parents.length < 2 && head === fork && !isChanged(theirRuns, runs?.entries)) {
    const entries = new Map([...theirs].filter(([path]) => merged.entries.has(path)));
    return { ...round, merged: { ...merged, entries }, outcome: 'taken', commit: undefined, files: 0 };
  }
  const { texts } = await maskingOf(root);
  const message = options.message === undefined ? undefined : texts(options.message);
  const { commit, files } = await commitBook(
    place,
    onto,
    both(theirs, theirRuns),
    both(merged.entries, runs?.entries),
    {
      parents,
      message,
      dropped: merged.dropped,
      // Clones at different commits of the user's have different settings, and would take turns at publishing them.
      isMinor: (path) => isApart && kindOf(place, path) === 'settings' && theirs.has(path),
      ...(isApart ? { trailer: await trailerAfter(place, onto) } : {}),
    },
  );
  const isPushed = (options.push || isApart) && commit !== undefined;
  const outcome = isPushed ? await pushCommit(place, commit, onto) : 'taken';
  return { ...round, outcome, commit, files };
}

/** Much code that is needed by books that take their runs along alone. */
async function joinRunsOf(
  ...given: Parameters<typeof import('./runs/join-runs.ts').joinRuns>
): Promise<JoinedRuns> {
  return (await import('./runs/join-runs.ts')).joinRuns(...given);
}

function both(book: GitEntries, runs: GitEntries | undefined): GitEntries {
  return runs === undefined || runs.size === 0 ? book : new Map([...book, ...runs]);
}

function isChanged(before: GitEntries, after: GitEntries | undefined): boolean {
  return after !== undefined && [...after].some(([path, { oid }]) => before.get(path)?.oid !== oid);
}

/** Whether all of the book in a commit is on the branch: its files as they are, its logs line by line. */
async function isOnBranch(place: SyncPlace, commit: string, theirs: GitEntries): Promise<boolean> {
  const missing = [...(await place.objects.tree(commit))].filter(
    ([path, { oid }]) => theirs.get(path)?.oid !== oid,
  );
  if (missing.some(([path]) => kindOf(place, path) !== 'log' || !theirs.has(path))) return false;
  const ours = await place.objects.blobs(missing.map(([, { oid }]) => oid));
  const on = await place.objects.blobs(missing.map(([path]) => theirs.get(path)!.oid));
  return missing.every((_, at) => hasAllLines(on[at]!, ours[at]!));
}

/** The commit both come from; undefined where there is none. */
async function forkOf(
  { top }: SyncPlace,
  head: string | undefined,
  onto: string | undefined,
): Promise<string | undefined> {
  if (head === undefined || onto === undefined) return undefined;
  if (head === onto) return head;
  const result = await tryGit(top, ['merge-base', head, onto]);
  return result.ok ? result.stdout.trim() : undefined;
}

/** Commits of others begin no line of their own: what they are is not known. */
async function trailerAfter({ objects }: SyncPlace, onto: string | undefined): Promise<string | undefined> {
  const previous = readLineage(await objects.message(onto));
  if (onto !== undefined && previous === undefined) return undefined;
  return lineageLine(nextLineage(previous, Date.now()));
}

/** Whether a commit that was taken in once is part of what is there now; its history may have been cut or shortened since. */
async function leadsTo(place: SyncPlace, older: string, newer: string | undefined): Promise<boolean> {
  return (await isSameBook(place, older, newer)) || isAncestor(place, older, newer);
}

/** Whether two commits are of one branch of the book's own, the second not older: the history between them may have been shortened. */
async function isSameBook(
  { objects }: SyncPlace,
  older: string | undefined,
  newer: string | undefined,
): Promise<boolean> {
  const [before, now] = await Promise.all([older, newer].map((each) => objects.message(each)));
  return isBefore(readLineage(before!), readLineage(now!));
}

async function isAncestor({ top }: SyncPlace, older: string, newer: string | undefined): Promise<boolean> {
  if (newer === undefined) return false;
  return (await tryGit(top, ['merge-base', '--is-ancestor', older, newer])).ok;
}
