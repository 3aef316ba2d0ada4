import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { archivedSnapshots, readArchived } from '../../store/segments/snapshot-segments.ts';
import { settleSnapshots } from '../redact/redact-snapshot.ts';
import type { AppliedMerge } from './apply-merge.ts';
import { oidOf } from './objects.ts';
import type { SyncPlace } from './place.ts';

/**
 * Leaves files of snapshots out of what is committed that stand, byte for byte, in a segment which is committed: one side archived
 * them, and the other still has them. Gives their paths; in the work tree they go, too.
 */
export async function leaveOutArchived(
  place: SyncPlace,
  root: string,
  { entries, files }: Pick<AppliedMerge, 'entries' | 'files'>,
): Promise<string[]> {
  const folder = `${place.prefix}snapshots/`;
  const { byName } = archivedSnapshots(root);
  if (byName.size === 0) return [];
  await settleSnapshots(root);
  const dropped: string[] = [];
  for (const [name, archived] of byName) {
    const path = `${folder}${name}`;
    if (!entries.has(`${folder}${archived.segment}`)) continue;
    if (lstatSync(join(place.top, path), { throwIfNoEntry: false }) !== undefined) continue;
    const entry = entries.get(path);
    if (entry !== undefined && oidOf(readArchived(archived), entry.oid) !== entry.oid) continue;
    entries.delete(path);
    files.delete(path);
    // Also where none of both has it any more: the index of the work tree may.
    dropped.push(path);
  }
  return dropped;
}
