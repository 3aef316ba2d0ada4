import { join } from 'node:path';
import { isPeriodicFile } from '../../store/layout.ts';
import { findNewest, updateLatest } from '../../store/periodic-store.ts';
import { readRecordedIfAny } from '../../store/recorded-file.ts';
import { foldVersions } from '../versions/fold-versions.ts';
import { type GitEntries, kindOf } from './book-files.ts';
import { storeBytes } from './objects.ts';
import type { SyncPlace } from './place.ts';
import type { BookHere } from './scan.ts';

/** Makes again what follows from the other files once they are merged, in the work tree and among the entries of the commit. */
export async function renewDerived(
  place: SyncPlace,
  root: string,
  here: BookHere,
  theirs: GitEntries,
  entries: GitEntries,
  written: Iterable<string>,
): Promise<void> {
  const isChanged = [...written].some((path) => kindOf(place, path) === 'version');
  await renewRegistry(place, root, here, theirs, entries, isChanged);
  await renewLatest(place, root, here, theirs, entries);
}

/** The list of versions: ours where it says more than the remote's, and never a commit for its sake alone. */
async function renewRegistry(
  place: SyncPlace,
  root: string,
  here: BookHere,
  theirs: GitEntries,
  entries: GitEntries,
  isChanged: boolean,
): Promise<void> {
  const derived = new Set(
    [...here.files.keys(), ...theirs.keys()].filter((path) => kindOf(place, path) === 'derived'),
  );
  if (derived.size === 0) return;
  await foldVersions(root, undefined, { isChanged });
  const isVersion = (path: string) => kindOf(place, path) === 'version';
  const isNew = [...entries].some(([path, { oid }]) => isVersion(path) && theirs.get(path)?.oid !== oid);
  for (const path of derived) {
    const their = theirs.get(path);
    if (their !== undefined) entries.set(path, their);
    if (here.kept.has(path) || (their !== undefined && !isNew)) continue;
    const bytes = readRecordedIfAny(join(place.top, path));
    if (bytes !== undefined) entries.set(path, { mode: '100644', oid: await storeBytes(place, bytes) });
  }
}

/**
 * The copy of the newest snapshot; where there are no snapshots, the file stays what it is. A newer one that was deleted
 * here is still the newest of the remote.
 */
async function renewLatest(
  place: SyncPlace,
  root: string,
  here: BookHere,
  theirs: GitEntries,
  entries: GitEntries,
): Promise<void> {
  const path = `${place.prefix}snapshots/latest_periodic.json`;
  const their = theirs.get(path);
  if (their !== undefined) entries.set(path, their);
  if (!here.files.has(path) && their === undefined) return;
  updateLatest(root);
  const newest = findNewest(root)?.name;
  const later = [...entries.keys()].some(
    (name) => isSnapshot(place, name) && !here.files.has(name) && isLater(nameIn(place, name), newest),
  );
  const bytes = readRecordedIfAny(join(root, 'snapshots', 'latest_periodic.json'));
  if (bytes === undefined || (later && their !== undefined) || here.kept.has(path)) return;
  const mode = their?.mode ?? here.files.get(path)?.mode ?? '100644';
  entries.set(path, { mode, oid: await storeBytes(place, bytes) });
}

const nameIn = ({ prefix }: SyncPlace, path: string) => path.slice(`${prefix}snapshots/`.length);

function isSnapshot(place: SyncPlace, path: string): boolean {
  return (
    path.startsWith(`${place.prefix}snapshots/`) &&
    isPeriodicFile(nameIn(place, path)) &&
    !nameIn(place, path).includes('/')
  );
}

const collator = new Intl.Collator('en', { numeric: true });

function isLater(name: string, newest: string | undefined): boolean {
  return newest === undefined || collator.compare(name.slice(0, -5), newest.slice(0, -5)) > 0;
}
