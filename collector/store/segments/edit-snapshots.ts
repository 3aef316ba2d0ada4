import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushFolder, removeQuietly } from '../../base/atomic-file.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { withFileLock } from '../file-lock.ts';
import { isPeriodicFile, snapshotsFolder } from '../layout.ts';
import { parseSnapshotFile } from '../snapshot-file.ts';
import { SegmentWriter } from './segment-writer.ts';
import { archivedLine, archivedSnapshots, readArchived, snapshotsIn } from './snapshot-segments.ts';

/** Other texts for some snapshots by the names of their files, or null for those that go. */
export type SnapshotEdits = ReadonlyMap<string, string | null>;

/** Runs `action` while no other process of ours archives snapshots or changes archived ones. */
export function withSnapshotsLocked<T>(root: string, action: () => Promise<T>): Promise<T> {
  return withFileLock(root, 'snapshots', snapshotsFolder(root), action);
}

/** Takes periodic snapshots away, wherever they stand. @throws DaybookError `unwritable`, `disk-full`. */
export async function removePeriodic(root: string, ids: readonly string[]): Promise<void> {
  const names = ids.map((id) => `${id}.json`).filter(isPeriodicFile);
  await withSnapshotsLocked(root, async () => {
    // From the segments first: what stands in both would else be there again.
    editArchived(root, new Map(names.map((name) => [name, null])));
    for (const name of names) removeFile(join(snapshotsFolder(root), name));
  });
}

/**
 * Puts other texts in the place of archived snapshots, or takes them out, in every segment that has them; each segment is replaced
 * whole or not at all and keeps its name. Gives the names of the segments that were changed. To be called with snapshots locked.
 */
export function editArchived(root: string, edits: SnapshotEdits): string[] {
  const changed = new Set<string>();
  for (const segment of archivedSnapshots(root).segments) {
    const path = join(snapshotsFolder(root), segment);
    if (!snapshotsIn(path).some((name) => edits.has(name))) continue;
    rewrite(path, edits);
    changed.add(segment);
  }
  return [...changed];
}

function rewrite(path: string, edits: SnapshotEdits): void {
  const temporary = temporaryPathFor(path);
  try {
    const writer = new SegmentWriter(temporary);
    const kept: [string, number][] = [];
    for (const name of snapshotsIn(path)) {
      const edit = edits.get(name);
      if (edit === null) continue;
      const text = edit ?? readArchived({ path, name }).toString();
      const bytes = Buffer.from(text);
      writer.add(archivedLine(name, text), parseSnapshotFile(name, bytes).record?.atUs ?? 0);
      kept.push([name, bytes.length]);
    }
    writer.finish(kept);
    if (kept.length === 0) rmSync(path);
    else renameSync(temporary, path);
    flushFolder(dirname(path));
  } catch (error) {
    throw writeErrorOf(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

/** Removes the file of a snapshot; it is no error where it is gone. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}
