import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError } from '../base/errors.ts';
import { runGit, tryGit } from '../base/git.ts';
import { commitBook } from './sync-commit.ts';
import { isBookPath, treeEntries } from './sync-files.ts';
import { type Following, followCommit } from './sync-follow.ts';
import { type MergedBook, mergeBooks } from './sync-merge.ts';
import { fetchTip, findSyncPlace, pushCommit, type SyncPlace } from './sync-repository.ts';

/** Where to push and what to say; without any of it, the upstream of the checked-out branch. */
export interface SyncOptions {
  remote?: string | undefined;
  branch?: string | undefined;
  message?: string | undefined;
  /** False commits on the checked-out branch and leaves the remote alone. */
  push?: boolean | undefined;
}

/** What sync needs from the world. */
export interface SyncEffects {
  sleep(ms: number): Promise<unknown>;
  /** A number from 0 up to 1, which spreads those who lost the same race. */
  random(): number;
}

/** What became of it. */
export interface SyncResult {
  /** The commit with the book's files; null where nothing had changed. */
  commit: string | null;
  pushed: boolean;
  /** How many of the book's files the commit changes. */
  files: number;
  attempts: number;
  branch: string;
  /** Null where only a commit was asked for. */
  remote: string | null;
  /** Whether the checked-out branch now stands at that commit. */
  moved: boolean;
  /** What a person should know, as sentences. */
  notes: string[];
}

const mostAttempts = 8;
const realEffects: SyncEffects = { sleep, random: Math.random };

/**
 * Commits the book's own files and pushes them. When somebody else pushed first, both books are merged and it tries
 * again. The user's commits are neither published nor moved, staged and changed files stay as they are.
 * @throws DaybookError `git` with what to do, where it cannot be done; the book itself is then intact.
 */
export async function syncBook(
  root: string,
  options: SyncOptions = {},
  effects: SyncEffects = realEffects,
): Promise<SyncResult> {
  const push = options.push ?? true;
  const place = await findSyncPlace(root, { remote: options.remote, branch: options.branch, push });
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const result = await tryOnce(place, root, options.message, push);
    if (result !== undefined) return { ...result, attempts: attempt };
    await effects.sleep(effects.random() * Math.min(4000, 150 * 2 ** attempt));
  }
  throw new DaybookError(
    'git',
    `Others pushed to ${place.remote}/${place.branch} first, ${mostAttempts} times in a row; nothing was pushed.`,
    { hint: 'Run daybook sync again; what was recorded is in this work tree and will be part of it.' },
  );
}

/** One fetch, merge, commit and push; undefined where the race was lost. */
async function tryOnce(
  place: SyncPlace,
  root: string,
  message: string | undefined,
  push: boolean,
): Promise<SyncResult | undefined> {
  const head = place.ownRef === undefined ? undefined : await tipOf(place, place.ownRef);
  const remoteTip = push ? await fetchTip(place) : undefined;
  const onto = push ? remoteTip : head;
  if (push) await refuseUserCommits(place, head, remoteTip);
  const [base, theirs] = [await treeEntries(place, head), await treeEntries(place, onto)];
  const merged = await mergeBooks(place, root, { base, theirs });
  const parents = onto === undefined ? [] : [onto];
  if (head !== undefined && onto !== undefined && !(await isAncestor(place, head, onto))) parents.push(head);
  const { commit, files } = await commitBook(place, onto, theirs, merged.entries, { parents, message });
  if (push && commit !== undefined && !(await pushCommit(place, commit))) return undefined;
  const newest = commit ?? onto;
  const follows = newest !== undefined && (head !== undefined || remoteTip === undefined);
  const following = follows ? await followCommit(place, head, newest, merged) : undefined;
  return {
    commit: commit ?? null,
    pushed: push && commit !== undefined,
    files,
    attempts: 1,
    branch: place.branch,
    remote: push ? place.remote : null,
    moved: following?.moved ?? false,
    notes: notesOf(place, merged, following),
  };
}

async function tipOf({ top }: SyncPlace, ref: string): Promise<string | undefined> {
  const result = await tryGit(top, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return result.ok ? result.stdout.trim() : undefined;
}

async function isAncestor({ top }: SyncPlace, older: string, newer: string): Promise<boolean> {
  return (await tryGit(top, ['merge-base', '--is-ancestor', older, newer])).ok;
}

/** Sync publishes the book and nothing else: commits with other files are the user's to push. */
async function refuseUserCommits(
  place: SyncPlace,
  head: string | undefined,
  remoteTip: string | undefined,
): Promise<void> {
  if (head === undefined) return;
  const own = place.ownRef?.replace('refs/heads/', '');
  const target = `${place.remote}/${place.branch}`;
  const instead = 'or let the book go to a branch of its own: daybook sync --branch daybook';
  if (remoteTip === undefined) {
    throw new DaybookError(
      'git',
      `${place.remote} has no branch ${place.branch} yet, and sync publishes no commits but its own.`,
      {
        hint: `Push the branch once (git push -u ${place.remote} ${shellWord(own ?? '')}), ${instead}.`,
      },
    );
  }
  const log = ['log', '--format=%x00%H', '--name-only', '-z', '-m', '--no-renames', `${remoteTip}..${head}`];
  const parts = (await runGit(place.top, log)).split('\0').map((part) => part.trim());
  const foreign = parts.filter(
    (part) => part !== '' && !/^[0-9a-f]{40,64}$/.test(part) && !isBookPath(place, part),
  );
  if (foreign.length === 0) return;
  const count = (await runGit(place.top, ['rev-list', '--count', `${remoteTip}..${head}`])).trim();
  const commits = count === '1' ? '1 commit' : `${count} commits`;
  throw new DaybookError(
    'git',
    `${own} has ${commits} that ${target} has not, and sync publishes no commits but its own.`,
    {
      hint: `Bring them together first (git pull --rebase && git push), ${instead}.`,
    },
  );
}

/** A name in a command that people paste: branches may hold what a shell would run. */
function shellWord(name: string): string {
  return /^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

function notesOf(place: SyncPlace, merged: MergedBook, following: Following | undefined): string[] {
  const notes = merged.conflicts.map(
    (path) =>
      `${path} was changed both here and on ${place.remote}/${place.branch}; each side keeps its own until you merge them.`,
  );
  for (const { from, to } of merged.renamed) {
    notes.push(`${place.remote}/${place.branch} has another ${from}; the one from here is now ${to}.`);
  }
  if (following?.note !== undefined) notes.push(following.note);
  return notes;
}
