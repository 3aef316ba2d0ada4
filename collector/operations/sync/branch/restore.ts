import { plural } from '../../../base/format/words.ts';
import { tryGit } from '../../../base/git.ts';
import type { BookConfig } from '../../../formats/config/config.ts';
import { readConfigFile } from '../../../store/config-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import { removeLeftoverFiles } from '../leftovers.ts';
import { mergeBooks } from '../merge.ts';
import { findSyncPlace, type SyncPlace } from '../place.ts';
import { readTips, syncedRef, tipRef } from '../refs.ts';
import { fetchBranch } from '../remote.ts';
import { fetchCode } from '../runs/code-refs.ts';
import { gatherRuns, runEntriesOf, wishFor } from '../runs/gather-runs.ts';
import { scanBook } from '../scan.ts';
import { isBefore, readLineage } from './lineage.ts';
import { rememberEntries } from './own-index.ts';
import { checkBranch, keepOffOthers } from './standing.ts';

/** What came back from a branch of the book's own. */
export interface Restored {
  /** The commit it was taken from; null where there is no such branch yet. */
  commit: string | null;
  branch: string;
  remote: string;
  /** How many files of the book are new here or changed. */
  received: number;
  /** Files changed on both sides: ours stay. */
  conflicts: string[];
  renamed: { from: string; to: string }[];
  notes: string[];
}

/**
 * Brings the book from a branch of its own into this work tree, beside what was recorded here. Nothing is committed or pushed.
 * `from` names a ref that is here already, and nothing is fetched then. Undefined where the book lies on the branch that is
 * checked out.
 */
export async function restoreBook(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined; from?: string | undefined } = {},
): Promise<Restored | undefined> {
  const { config } = await readConfigFile(root);
  const { sync } = config;
  const branch = options.branch ?? sync.branch;
  if (branch === undefined) return undefined;
  const push = options.from?.startsWith('refs/heads/') !== true;
  const place = await findSyncPlace(root, { remote: options.remote, branch, push });
  try {
    if (place.ownIndex === undefined) return undefined;
    return await withFileLock(place.gitFolder, 'sync', 'sync', async () => {
      removeLeftoverFiles(place);
      return await restore(place, root, config, { isChosen: branch === sync.branch, from: options.from });
    });
  } finally {
    place.objects.close();
  }
}

async function restore(
  place: SyncPlace,
  root: string,
  config: BookConfig,
  { isChosen, from }: { isChosen: boolean; from: string | undefined },
): Promise<Restored> {
  const { objects } = place;
  const isThere = from === undefined ? await fetchBranch(place) : await copyTip(place, from);
  const result: Restored = {
    commit: null,
    branch: place.branch,
    remote: place.remote,
    received: 0,
    conflicts: [],
    renamed: [],
    notes: [],
  };
  if (!isThere) return result;
  const tip = (await objects.commit(tipRef))!;
  const { synced } = await readTips(place, true);
  if (from === undefined) await checkBranch(place, true, isChosen);
  const [before, now] = await Promise.all([synced, tip].map((each) => objects.message(each)));
  const bases = isBefore(readLineage(before!), readLineage(now!)) ? [await objects.tree(synced)] : [];
  const here = await scanBook(place);
  const theirs = await objects.tree(tip);
  // Whoever asks for it back wants all of it.
  const whole = { ...here, gone: new Set<string>() };
  const merged = await mergeBooks(place, root, whole, { theirs, bases, checkedOut: new Map() });
  const entries = new Map([...theirs].filter(([path]) => !merged.conflicts.includes(path)));
  await rememberEntries(place, entries);
  await tryGit(place.top, ['update-ref', syncedRef(place), tip]);
  const { conflicts, received, renamed } = merged;
  const runs = await restoreRuns(place, root, config, tip);
  const notes = [...(isChosen ? await keepOffOthers(place) : []), ...runs.notes];
  return { ...result, commit: tip, received: received + runs.received, conflicts, renamed, notes };
}

/** Brings files of runs that the branch has; what lies here and differs stays, and theirs is put beside it. */
async function restoreRuns(
  place: SyncPlace,
  root: string,
  config: BookConfig,
  tip: string,
): Promise<{ received: number; notes: string[] }> {
  const theirs = await runEntriesOf(place, tip);
  if (theirs.size === 0) return { received: 0, notes: [] };
  const wish = wishFor(await gatherRuns(place, root, config), config, { publish: false, bringBack: true });
  if (wish === undefined) {
    const { runs } = config.sync;
    const note = `${place.branch} also holds ${plural(theirs.size, 'file')} of runs: "sync: {runs: true}" in daybook.yaml brings them here.`;
    return { received: 0, notes: runs === 'off' ? [] : [note] };
  }
  const { joinRuns } = await import('../runs/join-runs.ts');
  const runs = await joinRuns(place, root, theirs, wish);
  runs.agree();
  return { ...runs, notes: [...runs.notes, ...(await fetchCode(place, config))] };
}

async function copyTip({ top }: SyncPlace, from: string): Promise<boolean> {
  return (await tryGit(top, ['update-ref', tipRef, `${from}^{commit}`])).ok;
}
