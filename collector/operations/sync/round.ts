import { tryGit } from '../../base/git.ts';
import type { GitEntries } from './book-files.ts';
import { commitBook } from './commit.ts';
import { type MergedBook, mergeBooks } from './merge.ts';
import { treeEntries } from './objects.ts';
import type { SyncPlace } from './place.ts';
import type { PushOutcome } from './push-outcome.ts';
import { readTips } from './refs.ts';
import { pushCommit } from './remote.ts';
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
}

/** Merges the book with what was fetched, commits and pushes it. */
export async function syncOnce(
  place: SyncPlace,
  root: string,
  here: BookHere,
  fetched: boolean,
  options: { message?: string | undefined; push: boolean },
): Promise<Round> {
  const { head, remote, synced } = await readTips(place, fetched);
  const onto = options.push ? remote : head;
  const trees = memoTrees(place);
  const [theirs, ofBranch, ofLastSync, fork] = await Promise.all([
    trees(onto),
    trees(head),
    trees(synced),
    forkOf(place, head, onto),
  ]);
  if (options.push && head !== undefined && fork !== head) await refuseUserCommits(place, head, remote);
  const isOnWay = synced !== undefined && (synced === onto || (await isAncestor(place, synced, onto)));
  const bases = [...(fork === undefined ? [] : [await trees(fork)]), ...(isOnWay ? [ofLastSync] : [])];
  const merged = await mergeBooks(place, root, here, { theirs, bases, checkedOut: ofBranch });
  const parents = onto === undefined ? [] : [onto];
  // A commit of ours with a file that could not be merged stays apart: to join it would undo that file unseen.
  if (head !== undefined && onto !== undefined && fork !== head && merged.conflicts.length === 0)
    parents.push(head);
  const { message } = options;
  const { commit, files } = await commitBook(place, onto, theirs, merged.entries, { parents, message });
  const isPushed = options.push && commit !== undefined;
  const outcome = isPushed ? await pushCommit(place, commit) : 'taken';
  return { outcome, commit, files, head, onto, ofBranch, ofLastSync, merged };
}

/** Commits are often the same one; each is listed once. */
function memoTrees(place: SyncPlace): (commit: string | undefined) => Promise<GitEntries> {
  const known = new Map<string | undefined, Promise<GitEntries>>();
  return (commit) => {
    const found = known.get(commit) ?? treeEntries(place, commit);
    known.set(commit, found);
    return found;
  };
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

async function isAncestor({ top }: SyncPlace, older: string, newer: string | undefined): Promise<boolean> {
  if (newer === undefined) return false;
  return (await tryGit(top, ['merge-base', '--is-ancestor', older, newer])).ok;
}
