import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { absorbLines, hasAllLines } from '../store/log-merge.ts';
import { updateLatest } from '../store/periodic-store.ts';
import { readRecordedIfAny } from '../store/recorded-file.ts';
import {
  type GitEntries,
  type GitEntry,
  readBlob,
  readBlobs,
  storeBytes,
  workTreeEntries,
} from './sync-files.ts';
import type { SyncPlace } from './sync-repository.ts';

/** The files of the book after both sides came together. */
export interface MergedBook {
  /** What the commit holds. */
  entries: GitEntries;
  /** Files changed on both sides that cannot be merged: the remote keeps its version, the work tree its own. */
  conflicts: string[];
  /** Snapshots of ours that moved to another name because the remote has another file of that name. */
  renamed: { from: string; to: string }[];
  /** The book as the work tree had it before. */
  ours: GitEntries;
}

/**
 * Brings the book in the work tree and the one on the remote together, in the work tree too. Nothing of either side is
 * lost: logs get the union of their lines, snapshots of the same name are both kept, and what changed on one side
 * only is taken from there.
 */
export async function mergeBooks(
  place: SyncPlace,
  root: string,
  sides: { base: GitEntries; theirs: GitEntries },
): Promise<MergedBook> {
  const ours = await workTreeEntries(place);
  const merged: MergedBook = { entries: new Map(), conflicts: [], renamed: [], ours };
  for (const path of new Set([...ours.keys(), ...sides.theirs.keys()])) {
    if (kindOf(place, path) === 'latest') continue;
    await mergeFile(
      place,
      path,
      { own: ours.get(path), their: sides.theirs.get(path), base: sides.base.get(path) },
      merged,
    );
  }
  await writeAbsent(place, ours, sides);
  await mergeLatest(place, root, ours, sides.theirs, merged);
  return merged;
}

interface Versions {
  own: GitEntry | undefined;
  their: GitEntry | undefined;
  base: GitEntry | undefined;
}

/** `derived` can be made again from the rest; a `version` keeps its name on both sides. */
type Kind = 'log' | 'latest' | 'record' | 'version' | 'derived' | 'other';

function kindOf({ prefix }: SyncPlace, path: string): Kind {
  const name = path.slice(prefix.length);
  if (name === 'snapshots/latest_periodic.json') return 'latest';
  if (/^snapshots\/store\/registry\.(json|journal\.jsonl)$/.test(name)) return 'derived';
  if (name.startsWith('snapshots/store/')) return 'version';
  if (name.startsWith('snapshots/') && name.endsWith('.jsonl')) return 'log';
  if (/^snapshots\/((periodic|action)_[^/]*\.json|action_log[^/]*\.(gz|zst)|blobs\/.*)$/.test(name))
    return 'record';
  return 'other';
}

async function mergeFile(
  place: SyncPlace,
  path: string,
  versions: Versions,
  merged: MergedBook,
): Promise<void> {
  const { own, their, base } = versions;
  const kind = kindOf(place, path);
  if (own === undefined) {
    if (their === undefined) return;
    merged.entries.set(path, their);
  } else if (kind === 'derived') {
    // The list of versions is only an aid: what came from the remote is noticed by whoever reads it.
    merged.entries.set(path, own);
  } else if (kind === 'log') {
    const oid = await mergeLog(place, path, own, their);
    if (oid !== undefined) merged.entries.set(path, { mode: own.mode, oid });
  } else if (their === undefined || their.oid === own.oid) {
    if (their !== undefined || isPublished(place, path)) merged.entries.set(path, own);
  } else if (place.ownRef === undefined && kind === 'other') {
    // A branch of the book's own is a copy: the settings come from what is checked out here.
    if (isPublished(place, path)) merged.entries.set(path, own);
  } else if (base?.oid === own.oid) {
    merged.entries.set(path, their);
    await writeTheirs(place, path, their);
  } else if (base?.oid === their.oid && isPublished(place, path)) {
    merged.entries.set(path, own);
  } else if (kind === 'record') {
    await keepBoth(place, path, own, their, merged);
  } else {
    merged.entries.set(path, their);
    if (base?.oid !== their.oid) merged.conflicts.push(path);
  }
}

/**
 * Writes what only the remote has. What was deleted here on purpose does not come back (and is not deleted for the
 * others either).
 */
async function writeAbsent(
  place: SyncPlace,
  ours: GitEntries,
  { base, theirs }: { base: GitEntries; theirs: GitEntries },
): Promise<void> {
  const absent = [...theirs].filter(([path, { mode }]) => {
    if (ours.has(path) || base.has(path) || isLink(mode)) return false;
    const kind = kindOf(place, path);
    return kind !== 'latest' && (place.ownRef !== undefined || kind !== 'other');
  });
  for (let start = 0; start < absent.length; start += filesAtOnce) {
    const some = absent.slice(start, start + filesAtOnce);
    const blobs = await readBlobs(
      place,
      some.map(([, { oid }]) => oid),
    );
    for (const [number, [path]] of some.entries()) writeBytes(place, path, blobs[number]!);
  }
}

const filesAtOnce = 200;

// A link could lead anywhere, and a submodule is no file.
const isLink = (mode: string) => mode === '120000' || mode === '160000';

function writeBytes(place: SyncPlace, path: string, bytes: Buffer): void {
  const file = join(place.top, path);
  if (kindOf(place, path) === 'log') absorbLines(file, bytes);
  else writeFileAtomic(file, bytes);
}

async function writeTheirs(place: SyncPlace, path: string, { mode, oid }: GitEntry): Promise<void> {
  if (!isLink(mode)) writeBytes(place, path, await readBlob(place, oid));
}

/**
 * The log as the work tree now has it, so that the file is unchanged for git once this is committed. Where only the
 * order of the lines differs, the remote's stays: two clones would else push each other's order back and forth.
 */
async function mergeLog(
  place: SyncPlace,
  path: string,
  own: GitEntry,
  their: GitEntry | undefined,
): Promise<string | undefined> {
  if (their?.oid === own.oid) return own.oid;
  const theirLines = their === undefined ? Buffer.alloc(0) : await readBlob(place, their.oid);
  const lines = absorbLines(join(place.top, path), theirLines);
  return hasAllLines(theirLines, lines) ? their?.oid : storeBytes(place, lines);
}

async function keepBoth(
  place: SyncPlace,
  path: string,
  own: GitEntry,
  their: GitEntry,
  merged: MergedBook,
): Promise<void> {
  const to = freeName(place, path, merged);
  renameSync(join(place.top, path), join(place.top, to));
  await writeTheirs(place, path, their);
  merged.entries.set(path, their).set(to, own);
  merged.renamed.push({ from: path, to });
}

/** "periodic_20251222_023211.json" -> "periodic_20251222_023211_2.json", or the next number that is free. */
function freeName({ top }: SyncPlace, path: string, { entries }: MergedBook): string {
  const [, stem, ending] = /^(.*?)((?:\.jsonl)?\.[a-z]+)$/.exec(path) ?? [undefined, path, ''];
  for (let number = 2; ; number++) {
    const name = `${stem}_${number}${ending}`;
    if (!existsSync(join(top, name)) && !entries.has(name)) return name;
  }
}

/** The copy of the newest snapshot follows from the snapshots; where there are none, the file stays what it is. */
async function mergeLatest(
  place: SyncPlace,
  root: string,
  ours: GitEntries,
  theirs: GitEntries,
  merged: MergedBook,
): Promise<void> {
  const path = `${place.prefix}snapshots/latest_periodic.json`;
  const their = theirs.get(path);
  const own = ours.get(path);
  if (own === undefined && their === undefined) return;
  const file = join(root, 'snapshots', 'latest_periodic.json');
  updateLatest(root);
  const latest = readRecordedIfAny(file);
  const oid = latest === undefined ? their?.oid : await storeBytes(place, latest);
  if (oid !== undefined) merged.entries.set(path, { mode: their?.mode ?? own?.mode ?? '100644', oid });
}

/** .gitattributes is the user's unless it speaks of nothing but the book's files. */
function isPublished({ top, prefix }: SyncPlace, path: string): boolean {
  if (path !== `${prefix}.gitattributes`) return true;
  const lines = readFileSync(join(top, path), 'utf8').split(/\r?\n/);
  return lines.every(
    (line) =>
      /^\s*(#|$)/.test(line) ||
      /^\s*((\*|\*\.journal|registry\.journal)\.jsonl|snapshots\/\S*|daybook\.yaml)\s/.test(line),
  );
}
