import { tryGit } from '../../../base/git.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import { hasAllLines } from '../../../store/log-merge.ts';
import { knownSegments } from '../../../store/segments/archive-log.ts';
import { linesNotArchived } from '../../../store/segments/closed-lines.ts';
import { type GitEntries, isLink, kindOf } from '../book-files.ts';
import { removeLeftoverFiles } from '../leftovers.ts';
import { mergeBooks } from '../merge.ts';
import { findSyncPlace, type SyncPlace } from '../place.ts';
import { syncedRef, worktreeRefs, writerRefs } from '../refs.ts';
import { fetchRefs, pushTo } from '../remote.ts';
import type { SyncResult } from '../result.ts';
import { scanBook } from '../scan.ts';
import { syncBook } from '../sync-book.ts';

/** What became of the shards of writers. */
export interface Collected {
  synced: SyncResult;
  /** How many shards were found, and how many of them are in the book now and gone from the remote. */
  found: number;
  sealed: number;
}

/** Where a fetch puts shards. */
const fetchedShards = `${worktreeRefs}/w`;

interface Shard {
  ref: string;
  commit: string;
}

/**
 * Puts the shards of all writers into the book, publishes it, and takes away those whose content is found in what was
 * published; a shard that grew meanwhile stays for the next time. It may be stopped at any instant: what is taken in twice
 * is there once.
 */
export async function collectShards(
  root: string,
  options: {
    remote?: string | undefined;
    branch?: string | undefined;
    message?: string | undefined;
    onWait?: ((text: string) => void) | undefined;
  } = {},
): Promise<Collected> {
  const { sync } = (await readConfigFile(root)).config;
  const branch = options.branch ?? sync.branch;
  const target = { remote: options.remote, branch, push: true };
  const shards = await withPlace(root, target, (place) => takeShards(place, root));
  const synced = await syncBook(root, options);
  const sealed =
    shards.length === 0 ? 0 : await withPlace(root, target, (place) => seal(place, root, shards));
  return { synced, found: shards.length, sealed };
}

async function withPlace<Value>(
  root: string,
  target: Parameters<typeof findSyncPlace>[1],
  act: (place: SyncPlace) => Promise<Value>,
): Promise<Value> {
  const place = await findSyncPlace(root, target);
  try {
    return await withFileLock(place.gitFolder, 'sync', 'sync', () => act(place));
  } finally {
    place.objects.close();
  }
}

async function takeShards(place: SyncPlace, root: string): Promise<Shard[]> {
  removeLeftoverFiles(place);
  await fetchRefs(place, ['--prune', place.remote, `+${writerRefs}/*:${fetchedShards}/*`]);
  const format = '--format=%(refname) %(objectname)';
  const { stdout } = await tryGit(place.top, ['for-each-ref', format, fetchedShards]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const shards = lines.map((line): Shard => {
    const [ref = '', commit = ''] = line.split(' ');
    return { ref: ref.replace(fetchedShards, writerRefs), commit };
  });
  if (shards.length === 0) return [];
  let here = await scanBook(place);
  for (const { commit } of shards) {
    const theirs = await shardEntries(place, commit);
    here = (await mergeBooks(place, root, here, { theirs, bases: [], checkedOut: new Map() })).here;
  }
  return shards;
}

/** What a shard may bring: what was recorded, and nothing that says how. */
async function shardEntries(place: SyncPlace, commit: string): Promise<GitEntries> {
  const entries = [...(await place.objects.tree(commit))];
  return new Map(
    entries.filter(([path, { mode }]) => {
      const kind = kindOf(place, path);
      return kind !== 'settings' && kind !== 'derived' && kind !== 'latest' && !isLink(mode);
    }),
  );
}

/** Takes those away, as they were read, of which everything is in what was published. */
async function seal(place: SyncPlace, root: string, shards: readonly Shard[]): Promise<number> {
  const published = await place.objects.tree(await place.objects.commit(syncedRef(place)));
  const held: Shard[] = [];
  for (const shard of shards) if (await isHeld(place, root, shard, published)) held.push(shard);
  if (held.length === 0) return 0;
  const leases = held.map(({ ref, commit }) => `--force-with-lease=${ref}:${commit}`);
  const { stdout } = await pushTo(
    place,
    leases,
    held.map(({ ref }) => `:${ref}`),
  );
  return stdout.split('\n').filter((line) => line.startsWith('-\t')).length;
}

async function isHeld(
  place: SyncPlace,
  root: string,
  { commit }: Shard,
  published: GitEntries,
): Promise<boolean> {
  const contents = new Set([...published.values()].map(({ oid }) => oid));
  for (const [path, { oid }] of await shardEntries(place, commit)) {
    if (contents.has(oid)) continue;
    const log = published.get(path);
    if (log === undefined || kindOf(place, path) !== 'log') return false;
    const [own, theirs] = await place.objects.blobs([log.oid, oid]);
    const open = await linesNotArchived(knownSegments(root), theirs!);
    if (!hasAllLines(own!, open)) return false;
  }
  return true;
}
