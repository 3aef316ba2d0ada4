import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runGit, tryGit } from '../base/git.ts';
import { type GitEntries, indexEntries, isBookPath, treeEntries } from './sync-files.ts';
import type { MergedBook } from './sync-merge.ts';
import type { SyncPlace } from './sync-repository.ts';

/** Whether the checked-out branch now stands at the book's newest commit, and why not. */
export interface Following {
  moved: boolean;
  note: string | undefined;
}

/**
 * Lets the checked-out branch follow to a commit that contains it, if all that lies between are files of the book.
 * The user's index learns those files (and nothing else) first, so that no moment shows them as deleted or undone;
 * entries the user staged stay as they are.
 */
export async function followCommit(
  place: SyncPlace,
  from: string | undefined,
  to: string,
  merged: Pick<MergedBook, 'conflicts' | 'ours'>,
): Promise<Following> {
  const { ownRef, top } = place;
  if (ownRef === undefined) return { moved: false, note: undefined };
  const branch = ownRef.replace('refs/heads/', '');
  const busy = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'].find((name) =>
    existsSync(join(place.gitFolder, name)),
  );
  if (busy !== undefined) {
    return {
      moved: false,
      note: `${branch} was left where it is, because a merge is under way in this work tree.`,
    };
  }
  if (!(await teachIndex(place, from, to, merged))) {
    const note = `${branch} was left where it is, because another git process holds the index; run git pull when it is done.`;
    return { moved: false, note };
  }
  if (from === to) return { moved: false, note: undefined };
  if (merged.conflicts.length > 0 || !(await isBookOnly(place, from, to))) {
    return {
      moved: false,
      note: `${branch} is behind ${place.remote}/${place.branch}; git pull brings it up to date.`,
    };
  }
  const old = from ?? '0'.repeat(to.length);
  const update = await tryGit(top, ['update-ref', '-m', 'daybook sync', ownRef, to, old]);
  return {
    moved: update.ok,
    note: update.ok ? undefined : `${branch} moved meanwhile and was left where it is.`,
  };
}

async function isBookOnly(place: SyncPlace, from: string | undefined, to: string): Promise<boolean> {
  if (from === undefined) return true;
  const names = await runGit(place.top, ['diff', '--name-only', '--no-renames', '-z', from, to]);
  return names.split('\0').every((path) => path === '' || isBookPath(place, path));
}

/** The commit whose files the index learned last: its entries are ours to replace, also while the branch stays behind. */
const taughtRef = 'refs/daybook/synced';

async function teachIndex(
  place: SyncPlace,
  from: string | undefined,
  to: string,
  merged: Pick<MergedBook, 'conflicts' | 'ours'>,
): Promise<boolean> {
  const taught = await tryGit(place.top, ['rev-parse', '--verify', '--quiet', taughtRef]);
  const replaceable = await Promise.all([
    treeEntries(place, from),
    treeEntries(place, taught.ok ? taught.stdout.trim() : undefined),
  ]);
  const after = await treeEntries(place, to);
  for (const path of merged.conflicts) after.delete(path);
  for (let tries = 0; tries < 6; tries++) {
    const input = outdated(await indexEntries(place), [...replaceable, merged.ours], after);
    if (input !== '' && !(await tryGit(place.top, ['update-index', '-z', '--index-info'], { input })).ok) {
      await sleep(100 + tries * 100);
      continue;
    }
    await tryGit(place.top, ['update-ref', taughtRef, to]);
    // Sizes and times of the files, so that git need not read them to see that they are unchanged.
    if (input !== '') await tryGit(place.top, ['update-index', '-q', '--refresh']);
    return true;
  }
  return false;
}

/**
 * New entries in the form update-index reads. An entry is replaced when it is what the branch, the last sync or the
 * work tree had; anything else was staged by the user and stays.
 */
function outdated(index: GitEntries, replaceable: GitEntries[], after: GitEntries): string {
  let input = '';
  for (const [path, { mode, oid }] of after) {
    const known = index.get(path)?.oid;
    const isFree =
      known === undefined
        ? !replaceable[0]?.has(path)
        : replaceable.some((side) => side.get(path)?.oid === known);
    if (known !== oid && isFree) input += `${mode} ${oid}\t${path}\0`;
  }
  return input;
}
