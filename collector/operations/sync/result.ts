import { DaybookError } from '../../base/errors.ts';
import { type Following, followCommit } from './follow.ts';
import type { MergedBook } from './merge.ts';
import { describeObstacle } from './obstacles.ts';
import type { SyncPlace } from './place.ts';
import type { Round } from './round.ts';

/** What became of a sync. */
export interface SyncResult {
  /** The commit with the book's files; null where nothing had changed. */
  commit: string | null;
  pushed: boolean;
  /** How many of the book's files the commit changes. */
  files: number;
  /** How many files of the remote came into this work tree. */
  received: number;
  attempts: number;
  branch: string;
  /** Null where only a commit was asked for. */
  remote: string | null;
  /** Whether the checked-out branch now stands at that commit. */
  moved: boolean;
  /** Files changed on both sides that could not be merged: ours are not published. */
  conflicts: string[];
  /** Files of ours that have another name now. */
  renamed: { from: string; to: string }[];
  /** Whether there is nothing of a book, neither here nor there. */
  isEmpty: boolean;
  /** What a person should know, as sentences. */
  notes: string[];
}

/**
 * Lets the checked-out branch follow what was taken, and says what became of it.
 * @throws DaybookError `git` where essential files of the book are not part of it, with what is.
 */
export async function finishSync(
  place: SyncPlace,
  round: Round,
  facts: {
    attempts: number;
    push: boolean;
    renamed: MergedBook['renamed'];
    received: number;
    /** The round of ours that was queued; where the last one had nothing left to push, somebody else took it along. */
    queued: Round | undefined;
  },
): Promise<SyncResult> {
  const { head, merged, onto, ofBranch, ofLastSync } = round;
  const { attempts, push, queued, received, renamed } = facts;
  const isTaken = round.commit === undefined && queued !== undefined;
  const commit = isTaken ? onto : round.commit;
  const files = isTaken ? queued.files : round.files;
  const newest = commit ?? onto;
  const follows =
    newest !== undefined && (head !== undefined || onto === undefined || place.ownRef === undefined);
  const following = follows
    ? await followCommit(place, head, newest, { ofBranch, ofLastSync }, merged, head === onto)
    : undefined;
  const result: SyncResult = {
    commit: commit ?? null,
    pushed: push && commit !== undefined,
    files,
    received,
    attempts,
    branch: place.branch,
    remote: push ? place.remote : null,
    moved: following?.moved ?? false,
    conflicts: merged.conflicts,
    renamed,
    isEmpty: merged.entries.size === 0 && merged.here.files.size === 0,
    notes: notesOf(place, merged, renamed, following),
  };
  refuseOmissions(place, merged, result);
  return result;
}

/** What was recorded and is not published must not look as if it were. */
function refuseOmissions(place: SyncPlace, { here, pointers }: MergedBook, result: SyncResult): void {
  const target = result.remote === null ? place.branch : `${result.remote}/${place.branch}`;
  const done = result.remote === null ? 'committed' : 'published';
  const rest =
    result.commit === null
      ? `Nothing else had changed.`
      : `Everything else was ${done}: ${result.files} ${result.files === 1 ? 'file' : 'files'}, ${result.commit.slice(0, 10)} on ${target}.`;
  const [first] = here.obstacles;
  if (first !== undefined) {
    const what = here.obstacles.map(describeObstacle).join('; ');
    throw new DaybookError('git', `Not all of the book was ${done}. ${what}. ${rest}`, {
      hint: here.obstacles.map(({ remedy }) => remedy).join(' Then: '),
      ...(first.file === undefined ? {} : { where: `${first.file}:${first.line}` }),
    });
  }
  if (pointers.length === 0) return;
  const more = pointers.length > 1 ? ` and ${pointers.length - 1} more` : '';
  throw new DaybookError(
    'git',
    `${target} does not hold the content of ${pointers[0]}${more} but what a filter (LFS, git-crypt) left in its place, so it was not merged. ${rest}`,
    {
      hint: `Run git lfs pull (or unlock git-crypt) where it was committed, commit the content itself there, and add "/${place.prefix}snapshots/** !filter !diff" to .gitattributes.`,
      where: pointers[0]!,
    },
  );
}

function notesOf(
  place: SyncPlace,
  merged: MergedBook,
  renamed: MergedBook['renamed'],
  following: Following | undefined,
): string[] {
  const notes = merged.conflicts.map(
    (path) =>
      `${path} was changed both here and on ${place.remote}/${place.branch}; each side keeps its own until you merge them.`,
  );
  for (const { from, to } of renamed) {
    notes.push(`${place.remote}/${place.branch} has another ${from}; the one from here is now ${to}.`);
  }
  if (following?.note !== undefined) notes.push(following.note);
  return notes;
}
