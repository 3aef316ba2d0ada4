import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError, reasonOf, systemCodeOf } from '../base/errors.ts';
import { namesOf } from './names-of.ts';

/** The folder that holds what was recorded. */
export function snapshotsFolder(root: string): string {
  return join(root, 'snapshots');
}

/** The log that new lines are appended to. */
export function actionLogPath(root: string): string {
  return join(snapshotsFolder(root), 'action_log.jsonl');
}

/** Where details lie that are too large for a line. */
export function blobsFolder(root: string): string {
  return join(snapshotsFolder(root), 'blobs');
}

/** The copy of the newest periodic snapshot. */
export function latestPeriodicPath(root: string): string {
  return join(snapshotsFolder(root), 'latest_periodic.json');
}

/** The optional configuration of a book. */
export function configPath(root: string): string {
  return join(root, 'daybook.yaml');
}

/** What may be thrown away and made again; git ignores it. */
export function cacheFolder(root: string): string {
  return join(root, '.daybook');
}

/** One file of the log. */
export interface LogSegment {
  path: string;
  compression: 'none' | 'gzip' | 'zstd';
}

const segmentName = /^action_log.*\.jsonl(\.gz|\.zst)?$/;

/** The names in snapshots/, sorted; empty where the folder does not exist yet. */
export function listSnapshotNames(root: string): string[] {
  return listNames(snapshotsFolder(root)).sort();
}

/**
 * The names in a folder; none where there is no such folder.
 * @throws DaybookError `unreadable` where something else stands in its place, or it must not be read.
 */
export function listNames(folder: string): string[] {
  try {
    return namesOf(folder);
  } catch (error) {
    const isThere = lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
    if (!isThere && systemCodeOf(error) === 'ENOENT') return [];
    const isFile = systemCodeOf(error) === 'ENOTDIR';
    throw new DaybookError(
      'unreadable',
      `Expected a folder at ${folder}, ${isFile ? 'found a file' : `but it cannot be read: ${reasonOf(error)}`}.`,
      { where: folder, hint: 'Move away what stands there, or check who may read it.', cause: error },
    );
  }
}

/** All files that together are the log: archived segments and other writers' shards first, the live file last. */
export function listLogSegments(root: string, names = listSnapshotNames(root)): LogSegment[] {
  const live = 'action_log.jsonl';
  const segments = names.filter((name) => segmentName.test(name) && name !== live);
  if (names.includes(live)) segments.push(live);
  return segments.map((name) => ({
    path: join(snapshotsFolder(root), name),
    compression: compressionOf(name),
  }));
}

function compressionOf(name: string): LogSegment['compression'] {
  if (name.endsWith('.gz')) return 'gzip';
  return name.endsWith('.zst') ? 'zstd' : 'none';
}

/** Whether a name in snapshots/ is that of one action in a file of its own. */
export function isActionFile(name: string): boolean {
  return actionFileName.test(name);
}

const actionFileName = /^action_(?!log).*\.json$/;

/** Whether a name in snapshots/ is that of a periodic snapshot. */
export function isPeriodicFile(name: string): boolean {
  return /^periodic_.*\.json$/.test(name);
}
