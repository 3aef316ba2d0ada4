import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import { prunedOf, readPruned } from '../../store/pruned-snapshots.ts';
import { applyMerge, WorkTreeMoved } from './apply-merge.ts';
import { leaveOutArchived } from './archived-snapshots.ts';
import { type GitEntries, kindOf, type OtherSide } from './book-files.ts';
import { renewDerived } from './derived-files.ts';
import { oidOf } from './objects.ts';
import type { SyncPlace } from './place.ts';
import { type FileHere, planMerge } from './plan-merge.ts';
import { type BookHere, scanBook } from './scan.ts';
import { type SettledVersions, settleVersions } from './version-conflicts.ts';

/** The files of the book after both sides came together. */
export interface MergedBook {
  /** What the commit holds. */
  entries: GitEntries;
  /** Files changed on both sides that cannot be merged: the remote keeps its version, the work tree its own. */
  conflicts: string[];
  /** Files that were taken away on purpose, or that a segment has now. */
  dropped: string[];
  /** Files of ours that moved to another name because the remote has another one of that name. */
  renamed: { from: string; to: string }[];
  /** Files of the remote that hold only what a filter (LFS, encryption) left in place of their content. */
  pointers: string[];
  /** How many files came from the remote. */
  received: number;
  /** The book as the work tree had it before, and as it has it now. */
  before: ReadonlyMap<string, FileHere>;
  here: BookHere;
}

/**
 * Brings the book in the work tree and the one on the remote together, in the work tree too. No file of either side is
 * overwritten, dropped or left out.
 */
export async function mergeBooks(
  place: SyncPlace,
  root: string,
  here: BookHere,
  other: OtherSide,
): Promise<MergedBook> {
  const renamed: MergedBook['renamed'] = [];
  let now = here;
  for (let tries = 1; ; tries++) {
    const versions = await settleVersions(place, root, now, other);
    renamed.push(...versions.renamed);
    if (versions.isChanged) now = await scanBook(place);
    try {
      const merged = await mergeOnce(place, root, now, other, versions);
      return { ...merged, renamed: [...renamed, ...merged.renamed] };
    } catch (error) {
      // Somebody changed a file at this very moment; nothing of it was touched.
      if (!(error instanceof WorkTreeMoved) || tries === 5) throw error;
      now = await scanBook(place);
    }
  }
}

async function mergeOnce(
  place: SyncPlace,
  root: string,
  here: BookHere,
  { theirs, bases, checkedOut }: OtherSide,
  { joined, renamed }: SettledVersions,
): Promise<MergedBook> {
  const made = renamed.map(({ from }) => from.slice(from.lastIndexOf('/') + 1, -'.json'.length));
  // A name that ours gave up is the remote's from now on.
  const isReturning = (path: string) =>
    kindOf(place, path) === 'version' && made.some((name) => path.includes(`/${name}.`));
  const ours = withKept(place, here, theirs);
  const isCopy = place.ownIndex !== undefined;
  const pruned = isCopy ? await prunedIn(place, root, { ours, theirs }) : new Set<string>();
  const plan = planMerge({
    ours,
    theirs,
    bases,
    kindOf: (path) => kindOf(place, path),
    isKept: (path) => here.kept.has(path),
    isUnwanted: (path) =>
      here.absent.has(path) ||
      (!ours.has(path) && !isReturning(path) && (here.gone.has(path) || checkedOut.has(path))),
    isDropped: (path) => pruned.has(path),
    isTaken: (path) => lstatSync(join(place.top, path), { throwIfNoEntry: false }) !== undefined,
    damaged: await damagedBlobs(place, ours, theirs),
    joined,
    isCopy,
  });
  const applied = await applyMerge(place, plan, { ours, theirs, kept: here.kept });
  const next = { ...here, files: applied.files };
  const archived = await leaveOutArchived(place, root, applied);
  await renewDerived(place, root, next, theirs, applied.entries, plan.writes.keys());
  return {
    ...applied,
    conflicts: plan.conflicts,
    dropped: [...plan.dropped, ...archived],
    renamed: plan.moves,
    before: ours,
    here: next,
  };
}

/** With the ids of unpublished files that the other side has, too: only they can tell whether both are the same. */
function withKept(place: SyncPlace, here: BookHere, theirs: GitEntries): Map<string, FileHere> {
  const ours = new Map(here.files);
  for (const path of here.kept) {
    const their = theirs.get(path);
    const own = ours.get(path);
    if (their === undefined || own === undefined || own.oid !== undefined || kindOf(place, path) === 'log')
      continue;
    ours.set(path, { mode: own.mode, oid: oidOf(readFileSync(join(place.top, path)), their.oid) });
  }
  return ours;
}

/**
 * Snapshots that were pruned, here or by somebody else. Nothing but the record of it says so: a file of the branch that is not
 * here is one that has yet to come. What is tagged stays.
 */
async function prunedIn(
  place: SyncPlace,
  root: string,
  { ours, theirs }: { ours: ReadonlyMap<string, FileHere>; theirs: GitEntries },
): Promise<Set<string>> {
  const folder = `${place.prefix}snapshots/`;
  const their = theirs.get(`${folder}store/pruned.jsonl`);
  const [bytes] = await place.objects.blobs(their === undefined ? [] : [their.oid]);
  const pruned = [...readPruned(root, () => undefined), ...prunedOf(bytes?.toString('utf8') ?? '')];
  const isTagged = (id: string) =>
    [ours, theirs].some((side) => side.has(`${folder}store/periodic/${id}.json`));
  return new Set(pruned.filter(({ id }) => !isTagged(id)).map(({ id }) => `${folder}${id}.json`));
}

/** Blobs are called by their digest: of two that differ under one name, the whole one keeps it. */
async function damagedBlobs(
  place: SyncPlace,
  ours: ReadonlyMap<string, FileHere>,
  theirs: GitEntries,
): Promise<Set<string>> {
  const folder = `${place.prefix}snapshots/blobs/`;
  const clashes = [...theirs].filter(
    ([path, { oid }]) => path.startsWith(folder) && ours.has(path) && ours.get(path)!.oid !== oid,
  );
  const blobs = await place.objects.blobs(clashes.map(([, { oid }]) => oid));
  const names = clashes.map(([path]) => path);
  return new Set(names.filter((path, number) => !path.endsWith(`/${sha256Hex(blobs[number]!)}.json`)));
}
