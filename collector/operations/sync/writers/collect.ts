import { plural } from '../../../base/format/words.ts';
import { tryGit } from '../../../base/git.ts';
import type { BookConfig } from '../../../formats/config/config.ts';
import { joinLedgers } from '../../../formats/ledger/join.ts';
import { linesLacking } from '../../../formats/metrics/join.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import { rowsInLedger } from '../../../store/ledger/rewrite-ledger.ts';
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
import { gatherRuns, runEntriesOf, wishFor } from '../runs/gather-runs.ts';
import { runKindOf } from '../runs/run-paths.ts';
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
  const { config } = await readConfigFile(root);
  const branch = options.branch ?? config.sync.branch;
  const target = { remote: options.remote, branch, push: true };
  const { shards, notes } = await withPlace(root, target, (place) => takeShards(place, root, config));
  const synced = await syncBook(root, options);
  synced.notes.push(...notes);
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

async function takeShards(
  place: SyncPlace,
  root: string,
  config: BookConfig,
): Promise<{ shards: Shard[]; notes: string[] }> {
  removeLeftoverFiles(place);
  await fetchRefs(place, ['--prune', place.remote, `+${writerRefs}/*:${fetchedShards}/*`]);
  const format = '--format=%(refname) %(objectname)';
  const { stdout } = await tryGit(place.top, ['for-each-ref', format, fetchedShards]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const shards = lines.map((line): Shard => {
    const [ref = '', commit = ''] = line.split(' ');
    return { ref: ref.replace(fetchedShards, writerRefs), commit };
  });
  if (shards.length === 0) return { shards, notes: [] };
  let here = await scanBook(place);
  for (const { commit } of shards) {
    const theirs = await shardEntries(place, commit);
    here = (await mergeBooks(place, root, here, { theirs, bases: [], checkedOut: new Map() })).here;
  }
  return { shards, notes: await takeRuns(place, root, config, shards) };
}

/** How many commits of a shard are looked at for older states of its files. */
const pastCommits = 100;

/** Puts files of runs into the work tree that shards hold; gives what a person should know. */
async function takeRuns(
  place: SyncPlace,
  root: string,
  config: BookConfig,
  shards: readonly Shard[],
): Promise<string[]> {
  const notes: string[] = [];
  let holding = 0;
  for (const { commit } of shards) {
    const theirs = await runEntriesOf(place, commit);
    if (theirs.size === 0) continue;
    holding++;
    if (place.ownIndex === undefined) continue;
    const how = { publish: false, bringBack: true, past: await pastOf(place, commit) };
    const wish = wishFor(await gatherRuns(place, root, config), config, how);
    if (wish === undefined) continue;
    const { joinRuns } = await import('../runs/join-runs.ts');
    notes.push(...(await joinRuns(place, root, theirs, wish)).notes);
  }
  const isOn = place.ownIndex !== undefined && typeof config.sync.runs !== 'string';
  if (holding > 0 && !isOn)
    notes.push(
      `${plural(holding, 'shard')} ${holding === 1 ? 'holds' : 'hold'} files of runs and ${holding === 1 ? 'stays' : 'stay'} at ${place.remote}: a book on a branch of its own with "sync: {runs: true}" in daybook.yaml takes them in.`,
    );
  return notes;
}

/** Ids that the files of a shard had in its earlier commits. */
async function pastOf(place: SyncPlace, commit: string): Promise<Map<string, Set<string>>> {
  const past = new Map<string, Set<string>>();
  const args = ['rev-list', `--max-count=${pastCommits}`, '--skip=1', commit];
  const { stdout } = await tryGit(place.top, args);
  for (const earlier of stdout.split('\n').filter((line) => line !== ''))
    for (const [path, { oid }] of await runEntriesOf(place, earlier)) {
      const name = path.slice(place.prefix.length);
      past.set(name, (past.get(name) ?? new Set()).add(oid));
    }
  return past;
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
  const tip = await place.objects.commit(syncedRef(place));
  const [published, runs] = await Promise.all([place.objects.tree(tip), runEntriesOf(place, tip)]);
  const held: Shard[] = [];
  for (const shard of shards)
    if ((await isHeld(place, root, shard, published)) && (await holdsRuns(place, shard, runs)))
      held.push(shard);
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

/** The same of files of runs: those of one run as they are, under whatever name, ledgers and metrics by what is in them. */
async function holdsRuns(place: SyncPlace, { commit }: Shard, published: GitEntries): Promise<boolean> {
  const contents = new Set([...published.values()].map(({ oid }) => oid));
  for (const [path, { oid }] of await runEntriesOf(place, commit)) {
    if (contents.has(oid)) continue;
    const kind = runKindOf(path.slice(place.prefix.length));
    const own = published.get(path);
    if (own === undefined || (kind !== 'ledger' && kind !== 'metrics')) return false;
    const [ours, theirs] = await place.objects.blobs([own.oid, oid]);
    if (kind === 'metrics' ? linesLacking(ours!, theirs!).length > 0 : !holdsLedger(ours!, theirs!))
      return false;
  }
  return true;
}

function holdsLedger(own: Buffer, other: Buffer): boolean {
  const [ours, theirs] = [rowsInLedger(own), rowsInLedger(other)];
  if (ours === undefined || theirs === undefined) return false;
  return !joinLedgers(
    theirs.map((row) => ({ here: row, shown: row })),
    ours,
  ).isChangedThere;
}
