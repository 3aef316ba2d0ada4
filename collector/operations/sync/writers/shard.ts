import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../../base/errors.ts';
import { plural } from '../../../base/format/words.ts';
import { runGit } from '../../../base/git.ts';
import { maskingOf } from '../../../store/book-masking.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import { linesMissing } from '../../../store/log-merge.ts';
import { type GitEntry, kindOf } from '../book-files.ts';
import { writeTree } from '../commit.ts';
import { removeLeftoverFiles } from '../leftovers.ts';
import { maskRefused } from '../mask-refused.ts';
import { storeBytes } from '../objects.ts';
import { describeObstacle } from '../obstacles.ts';
import { findSyncPlace, type SyncPlace } from '../place.ts';
import { outcomeOf } from '../push-outcome.ts';
import { syncedRef, writerRefs } from '../refs.ts';
import { SecretsRefused } from '../rejections.ts';
import { pushTo } from '../remote.ts';
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
  note?: string;
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
  options: { remote?: string | undefined; branch?: string | undefined; message?: string | undefined } = {},
): Promise<PushedShard> {
  const { sync } = (await readConfigFile(root)).config;
  const branch = options.branch ?? sync.branch;
  const place = await findSyncPlace(root, { remote: options.remote, branch, push: true });
  try {
    return await withFileLock(place.gitFolder, 'sync', 'sync', async () => {
      removeLeftoverFiles(place);
      const waiting = await takeInWaiting(root);
      const shard = await pushMasked(root, place, options.message);
      const { commit, files, ref } = shard;
      refuseWaiting(waiting, { commit, files, remote: place.remote, branch: ref });
      return shard;
    });
  } finally {
    place.objects.close();
  }
}

/** Once more, where secret scanning refused what our own rules find, too. */
async function pushMasked(root: string, place: SyncPlace, message: string | undefined): Promise<PushedShard> {
  try {
    return await pushOnce(place, message);
  } catch (error) {
    if (!(error instanceof SecretsRefused)) throw error;
    const note = await maskRefused(root, place, error, await place.objects.commit(syncedRef(place)));
    if (note === undefined) throw error;
    return { ...(await pushOnce(place, message)), note };
  }
}

async function pushOnce(place: SyncPlace, message: string | undefined): Promise<PushedShard> {
  const here = await scanBook(place);
  const obstacle = here.obstacles[0];
  if (obstacle !== undefined)
    throw new DaybookError('git', `Nothing was pushed. ${describeObstacle(obstacle)}.`, {
      hint: obstacle.remedy,
    });
  for (let state = readWriterState(place); ; state = newWriter()) {
    const ref = `${writerRefs}/${state.writer}`;
    const shard = { writer: state.writer, ref, remote: place.remote };
    const files = await unsealed(place, state, here);
    if (files.every(({ path, extent }) => isSame(state.pushed.get(path), extent)))
      return { ...shard, commit: null, files: 0 };
    const commit = await writeShard(place, state, files, message);
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

/** What of the book here is in no commit that was sealed, nor in the one that was synced last, or is known of the branch. */
async function unsealed(place: SyncPlace, state: WriterState, here: BookHere): Promise<ShardFile[]> {
  const { branch, objects, remote } = place;
  const seen = `refs/remotes/${remote}/${branch}`;
  const synced = await objects.tree((await objects.commit(syncedRef(place))) ?? (await objects.commit(seen)));
  const files: ShardFile[] = [];
  for (const [path, { mode, oid }] of here.files) {
    const kind = kindOf(place, path);
    if (here.kept.has(path) || kind === 'latest' || kind === 'derived' || kind === 'settings') continue;
    const their = synced.get(path)?.oid;
    const known = state.sealed.get(path);
    if (kind === 'log') {
      const file = await restOfLog(place, path, mode, known, their);
      if (file !== undefined) files.push(file);
    } else if (oid !== undefined && oid !== their && !isSame(known, { oid }))
      files.push({ path, entry: { mode, oid }, extent: { oid } });
  }
  return files;
}

async function restOfLog(
  place: SyncPlace,
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
  return { path, entry: { mode, oid: await storeBytes(place, rest) }, extent: extentOf(whole) };
}

/** A commit of what is not sealed; it follows the one before, so that the remote takes it without a question. */
async function writeShard(
  place: SyncPlace,
  { commit, writer }: WriterState,
  files: readonly ShardFile[],
  message: string | undefined,
): Promise<string> {
  const tree = await writeTree(
    place,
    undefined,
    files.map(({ path, entry }) => [path, entry]),
  );
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
