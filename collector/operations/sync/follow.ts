import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runGit, tryGit } from '../../base/git.ts';
import { hasAllLines } from '../../store/log-merge.ts';
import { type GitEntries, type GitEntry, isBookPath, kindOf } from './book-files.ts';
import { rememberEntries } from './branch/own-index.ts';
import { noEntry } from './commit.ts';
import type { MergedBook } from './merge.ts';
import { indexEntries } from './objects.ts';
import type { SyncPlace } from './place.ts';
import type { FileHere } from './plan-merge.ts';
import { syncedRef } from './refs.ts';

/** Whether the checked-out branch now stands at the book's newest commit, and why not. */
export interface Following {
  moved: boolean;
  note: string | undefined;
}

/** What the index may be taught: entries that the branch, the last sync or the work tree had are ours to replace. */
export interface KnownEntries {
  ofBranch: GitEntries;
  ofLastSync: GitEntries;
}

/**
 * Lets the checked-out branch follow to a commit that contains it, if all that lies between are files of the book.
 * The user's index learns those files (and nothing else) first, so that no moment shows them as deleted or undone;
 * entries the user staged stay as they are. `isOurs` says that nothing lies between but a commit of this sync.
 */
export async function followCommit(
  place: SyncPlace,
  from: string | undefined,
  to: string,
  known: KnownEntries,
  merged: Pick<MergedBook, 'conflicts' | 'entries' | 'before' | 'here' | 'dropped'>,
  isOurs: boolean,
): Promise<Following> {
  const { ownRef, top } = place;
  if (ownRef === undefined) {
    await rememberEntries(place, withoutOurs(merged));
    await tryGit(top, ['update-ref', syncedRef(place), to]);
    return { moved: false, note: undefined };
  }
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
  if (!(await teachIndex(place, known, merged))) {
    const note = `${branch} was left where it is, because another git process holds the index; run git pull when it is done.`;
    return { moved: false, note };
  }
  const isFree = merged.conflicts.length === 0 && (isOurs || (await isBookOnly(place, from, to)));
  const old = from ?? '0'.repeat(to.length);
  const follow = from !== to && isFree ? `update ${ownRef} ${to} ${old}\n` : '';
  const input = `${follow}update ${syncedRef(place)} ${to}\n`;
  const update = await tryGit(top, ['update-ref', '-m', 'daybook sync', '--stdin'], { input });
  if (from === to) return { moved: false, note: undefined };
  if (!isFree) {
    return {
      moved: false,
      note: `${branch} is behind ${place.remote}/${place.branch}; git pull brings it up to date.`,
    };
  }
  return {
    moved: update.ok,
    note: update.ok ? undefined : `${branch} moved in the meantime and was left where it is.`,
  };
}

/** What the branch has, but for what this work tree has otherwise and keeps. */
function withoutOurs({ conflicts, entries, here }: Pick<MergedBook, 'conflicts' | 'entries' | 'here'>) {
  const after = new Map(entries);
  for (const path of [...conflicts, ...here.kept]) after.delete(path);
  return after;
}

async function isBookOnly(place: SyncPlace, from: string | undefined, to: string): Promise<boolean> {
  if (from === undefined || from === to) return true;
  const names = await runGit(place.top, ['diff', '--name-only', '--no-renames', '-z', from, to]);
  return names.split('\0').every((path) => path === '' || isBookPath(place, path));
}

async function teachIndex(
  place: SyncPlace,
  known: KnownEntries,
  merged: Pick<MergedBook, 'conflicts' | 'entries' | 'before' | 'here' | 'dropped'>,
): Promise<boolean> {
  const after: Wanted = new Map(merged.entries);
  // What is not published stays as the index has it, and so do flags that hide changes.
  for (const path of merged.dropped) after.set(path, undefined);
  for (const path of [...merged.conflicts, ...merged.here.kept, ...merged.here.absent]) after.delete(path);
  for (let tries = 0; tries < 6; tries++) {
    const index = await indexEntries(place);
    const replaceable = [known.ofBranch, known.ofLastSync, merged.before];
    const ours = await takenInLogs(place, index, replaceable, after);
    const input = outdated(index, [...replaceable, ours], after);
    if (input !== '' && !(await tryGit(place.top, ['update-index', '-z', '--index-info'], { input })).ok) {
      await sleep(100 + tries * 100);
      continue;
    }
    // Sizes and times of the files, so that git need not read them to see that they are unchanged.
    if (input !== '') await tryGit(place.top, ['update-index', '-q', '--refresh']);
    return true;
  }
  return false;
}

/** What the index is to have; undefined is what is to go. */
type Wanted = Map<string, GitEntry | undefined>;

/** Logs that were staged and of which every line is in what was committed. */
async function takenInLogs(
  place: SyncPlace,
  index: GitEntries,
  replaceable: readonly ReadonlyMap<string, FileHere>[],
  after: Wanted,
): Promise<GitEntries> {
  const wanted = [...after].flatMap(([path, entry]) => (entry === undefined ? [] : [[path, entry] as const]));
  const differ = wanted.filter(([path, { oid }]) => {
    const own = index.get(path)?.oid;
    if (kindOf(place, path) !== 'log' || own === undefined || own === oid) return false;
    return !replaceable.some((side) => side.get(path)?.oid === own);
  });
  const pairs = differ.flatMap(([path, { oid }]) => [oid, index.get(path)!.oid]);
  const blobs = await place.objects.blobs(pairs);
  const taken: GitEntries = new Map();
  for (const [number, [path]] of differ.entries())
    if (hasAllLines(blobs[number * 2]!, blobs[number * 2 + 1]!)) taken.set(path, index.get(path)!);
  return taken;
}

/** New entries in the form update-index reads; anything else was staged by the user and stays. */
function outdated(
  index: GitEntries,
  replaceable: readonly ReadonlyMap<string, FileHere>[],
  after: Wanted,
): string {
  let input = '';
  for (const [path, entry] of after) {
    const own = index.get(path)?.oid;
    if (entry === undefined && own === undefined) continue;
    const { mode, oid } = entry ?? noEntry(own!);
    const isFree =
      own === undefined
        ? !replaceable[0]!.has(path)
        : replaceable.some((side) => side.get(path)?.oid === own);
    if (own !== oid && isFree) input += `${mode} ${oid}\t${path}\0`;
  }
  return input;
}
