import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../../base/errors.ts';
import { plural } from '../../../base/format/words.ts';
import { runGit } from '../../../base/git.ts';
import { maskingOf } from '../../../store/book-masking.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import { linesMissing } from '../../../store/log-merge.ts';
import type { RunFiles } from '../../../store/runs/find-run-files.ts';
import { type GitEntry, kindOf } from '../book-files.ts';
import { removeLeftoverFiles } from '../leftovers.ts';
import { maskRefused } from '../mask-refused.ts';
import { ObjectPack } from '../object-pack.ts';
import { describeObstacle } from '../obstacles.ts';
import { findSyncPlace, type SyncPlace } from '../place.ts';
import { outcomeOf } from '../push-outcome.ts';
import { syncedRef, writerRefs } from '../refs.ts';
import { SecretsRefused } from '../rejections.ts';
import { pushTo } from '../remote.ts';
import { pushCode } from '../runs/code-refs.ts';
import { gatherRuns, runEntriesOf, wishFor } from '../runs/gather-runs.ts';
import type { RunsWish } from '../runs/join-context.ts';
import { largeNotes, leftBehind } from '../runs/left-behind.ts';
import { type BookHere, scanBook } from '../scan.ts';
import { refuseWaiting, takeInWaiting } from '../waiting-records.ts';
import {
  behind,
  type Extent,
  extentOf,
  newWriter,
  readWriterState,
  type WriterState,
  writeWriterState,
} from './state.ts';

/** What became of a shard. */
export interface PushedShard {
  writer: string;
  ref: string;
  remote: string;
  /** Null where there was nothing that had not been pushed. */
  commit: string | null;
  /** How many files it has something of. */
  files: number;
  /** What a person should know. */
  notes: string[];
}

/** A file of a shard, and how far the book will have gone with it. */
interface ShardFile {
  path: string;
  entry: GitEntry;
  extent: Extent;
}

/**
 * Pushes what was recorded here, and is not known to be on the branch, to a ref that nobody else writes: no race, no merge, no
 * fetch. `collectShards` puts it into the book; until then each push holds all that the one before it held.
 */
export async function pushShard(
  root: string,
  options: {
    remote?: string | undefined;
    branch?: string | undefined;
    message?: string | undefined;
    found?: RunFiles | undefined;
  } = {},
): Promise<PushedShard> {
  const { config } = await readConfigFile(root);
  const branch = options.branch ?? config.sync.branch;
  const place = await findSyncPlace(root, { remote: options.remote, branch, push: true });
  try {
    return await withFileLock(place.gitFolder, 'sync', 'sync', async () => {
      removeLeftoverFiles(place);
      const waiting = await takeInWaiting(root);
      const runs = await gatherRuns(place, root, config, options.found);
      const isApart = place.ownIndex !== undefined;
      const wish = isApart ? wishFor(runs, config, { publish: true, bringBack: false }) : undefined;
      const shard = await pushMasked(root, place, wish, options.message);
      const left = await leftBehind(root, runs, config, isApart);
      if (left !== undefined) shard.notes.push(left);
      shard.notes.push(...(await pushCode(place, config)));
      const { commit, files, ref } = shard;
      refuseWaiting(waiting, { commit, files, remote: place.remote, branch: ref });
      return shard;
    });
  } finally {
    place.objects.close();
  }
}

/** Once more, where secret scanning refused what our own rules find, too. */
async function pushMasked(
  root: string,
  place: SyncPlace,
  wish: RunsWish | undefined,
  message: string | undefined,
): Promise<PushedShard> {
  try {
    return await pushOnce(root, place, wish, message);
  } catch (error) {
    if (!(error instanceof SecretsRefused)) throw error;
    const note = await maskRefused(root, place, error, await place.objects.commit(syncedRef(place)));
    if (note === undefined) throw error;
    const shard = await pushOnce(root, place, wish, message);
    return { ...shard, notes: [note, ...shard.notes] };
  }
}

async function pushOnce(
  root: string,
  place: SyncPlace,
  wish: RunsWish | undefined,
  message: string | undefined,
): Promise<PushedShard> {
  const here = await scanBook(place, (path) => isRecorded(place, path));
  const obstacle = here.obstacles[0];
  if (obstacle !== undefined)
    throw new DaybookError('git', `Nothing was pushed. ${describeObstacle(obstacle)}.`, {
      hint: obstacle.remedy,
    });
  for (let state = readWriterState(place); ; state = newWriter()) {
    const ref = `${writerRefs}/${state.writer}`;
    const runs = wish === undefined ? undefined : await unsealedRuns(root, place, state, wish);
    const shard = { writer: state.writer, ref, remote: place.remote, notes: runs?.notes ?? [] };
    const pack = new ObjectPack(await someId(place, state));
    const files = [...(await unsealed(place, state, here, pack)), ...(runs?.files ?? [])];
    if (files.every(({ path, extent }) => isSame(state.pushed.get(path), extent)))
      return { ...shard, commit: null, files: 0 };
    const commit = await writeShard(place, state, files, pack, message);
    const result = await pushTo(place, [], [`${commit}:${ref}`]);
    // A copy of this clone uses the same name: from now on it has another one.
    if (outcomeOf(result, place.remote, ref) !== 'taken') continue;
    const pushed = new Map(files.map(({ path, extent }) => [path, extent]));
    // Who finds no ref where there was one knows that what it held was sealed.
    const wasSealed = state.commit !== undefined && /^\*\t/m.test(result.stdout);
    const sealed = wasSealed ? new Map([...state.sealed, ...state.pushed]) : state.sealed;
    writeWriterState(place, { writer: state.writer, commit, pushed, sealed });
    return { ...shard, commit, files: files.length };
  }
}

/** What follows from the rest, and settings, no shard holds. */
function isRecorded(place: SyncPlace, path: string): boolean {
  const kind = kindOf(place, path);
  return kind !== 'latest' && kind !== 'derived' && kind !== 'settings';
}

/** What of the book here is in no commit that was sealed, nor in the one that was synced last, or is known of the branch. */
async function unsealed(
  place: SyncPlace,
  state: WriterState,
  here: BookHere,
  pack: ObjectPack,
): Promise<ShardFile[]> {
  const synced = await place.objects.tree(await lastSeen(place));
  const files: ShardFile[] = [];
  for (const [path, { mode, oid }] of here.files) {
    const kind = kindOf(place, path);
    if (here.kept.has(path) || !isRecorded(place, path)) continue;
    const their = synced.get(path)?.oid;
    const known = state.sealed.get(path);
    if (kind === 'log') {
      const file = await restOfLog(place, pack, path, mode, known, their);
      if (file !== undefined) files.push(file);
    } else if (oid !== undefined && oid !== their && !isSame(known, { oid }))
      files.push({ path, entry: { mode, oid }, extent: { oid } });
  }
  return files;
}

/** The same of files of runs, as others get to see them. */
async function unsealedRuns(
  root: string,
  place: SyncPlace,
  state: WriterState,
  wish: RunsWish,
): Promise<{ files: ShardFile[]; notes: string[] }> {
  const { showRuns } = await import('../runs/join-runs.ts');
  const synced = await runEntriesOf(place, await lastSeen(place));
  const isSealed = (path: string, oid: string) =>
    synced.get(path)?.oid === oid || isSame(state.sealed.get(path), { oid });
  const isStored = (name: string, oid: string) =>
    isSealed(`${place.prefix}${name}`, oid) || isSame(state.pushed.get(`${place.prefix}${name}`), { oid });
  const { entries, large, notes } = await showRuns(place, root, synced, wish, isStored);
  const files = [...entries]
    .filter(([path, { oid }]) => !isSealed(path, oid))
    .map(([path, entry]) => ({ path, entry, extent: { oid: entry.oid } }));
  return { files, notes: [...notes, ...largeNotes(large)] };
}

/** The newest commit of the branch that this clone knows. */
async function lastSeen(place: SyncPlace): Promise<string | undefined> {
  const { branch, objects, remote } = place;
  const synced = await objects.commit(syncedRef(place));
  return synced ?? (await objects.commit(`refs/remotes/${remote}/${branch}`));
}

async function restOfLog(
  place: SyncPlace,
  pack: ObjectPack,
  path: string,
  mode: string,
  known: Extent | undefined,
  their: string | undefined,
): Promise<ShardFile | undefined> {
  const log = readFileSync(join(place.top, path));
  const whole = log.subarray(0, log.lastIndexOf(10) + 1);
  let rest = behind(whole, known);
  if (rest.length > 0 && their !== undefined)
    rest = linesMissing((await place.objects.blobs([their]))[0]!, rest);
  if (rest.length === 0) return undefined;
  return { path, entry: { mode, oid: pack.blob(rest) }, extent: extentOf(whole) };
}

/** Any id of the repository: it tells in which manner ids are made. */
async function someId(place: SyncPlace, state: WriterState): Promise<string> {
  const known = state.commit ?? (await place.objects.commit('HEAD'));
  return known ?? (await runGit(place.top, ['hash-object', '--stdin'], { input: '' })).trim();
}

/** A commit of what is not sealed; it follows the one before, so that the remote takes it without a question. */
async function writeShard(
  place: SyncPlace,
  { commit, writer }: WriterState,
  files: readonly ShardFile[],
  pack: ObjectPack,
  message: string | undefined,
): Promise<string> {
  const tree = pack.tree(files.map(({ path, entry }) => [path, entry]));
  await pack.store(place);
  const parents = commit === undefined ? [] : ['-p', commit];
  const { texts } = await maskingOf(join(place.top, place.prefix));
  const text = texts(message ?? `Shard of writer ${writer}: ${plural(files.length, 'file')}`);
  const made = await runGit(place.top, ['commit-tree', tree, ...parents, '-F', '-'], {
    input: `${text}\n`,
    env: place.identity,
  });
  return made.trim();
}

function isSame(a: Extent | undefined, b: Extent): boolean {
  if (a === undefined) return false;
  if ('oid' in a) return 'oid' in b && a.oid === b.oid;
  return 'bytes' in b && a.bytes === b.bytes && a.ends === b.ends;
}
