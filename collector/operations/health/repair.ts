import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { bookPath } from '../../base/paths.ts';
import { latestPeriodicPath } from '../../store/layout.ts';
import { findLeftovers } from '../../store/leftovers.ts';
import { findNewest, updateLatest } from '../../store/periodic-store.ts';
import { createQuarantine, type Quarantine, type Repair } from '../../store/quarantine.ts';
import { obstacleAt, readRecordedIfAny } from '../../store/recorded-file.ts';
import { repairVersions } from '../../store/versions/repair-versions.ts';
import { repairLog } from './repair-log.ts';

/**
 * Mends what can be mended without losing a byte: closes a torn last line, moves away what killed writers left in the log
 * and beside their files, makes latest_periodic.json a copy of the newest snapshot again, and mends the store of versions.
 */
export async function repairBook(root: string, clock: Clock): Promise<Repair[]> {
  const quarantine = createQuarantine(root, clock);
  return [
    ...(await repairLog(root, quarantine)),
    ...(await moveLeftovers(root, quarantine)),
    ...renewLatest(root, quarantine),
    ...(await repairVersions(root, join(quarantine.folder, 'versions'))),
  ];
}

/** Whose they were has ended, so that nothing is waiting for them. */
async function moveLeftovers(root: string, quarantine: Quarantine): Promise<Repair[]> {
  return (await findLeftovers(root)).map((file) => ({
    file,
    did: 'moved a leftover temporary file away',
    original: quarantine.move(join(root, file)),
  }));
}

function renewLatest(root: string, quarantine: Quarantine): Repair[] {
  const newest = findNewest(root);
  const path = latestPeriodicPath(root);
  if (newest === undefined) return [];
  const obstacle = obstacleAt(path);
  const latest = obstacle === undefined ? readRecordedIfAny(path) : undefined;
  if (latest?.equals(newest.bytes) === true) return [];
  // What is no file cannot be copied, and a folder could not be replaced either: it moves away as it is.
  const keep = obstacle === undefined ? quarantine.copy : quarantine.move;
  const original = obstacle === undefined && latest === undefined ? null : keep(path);
  updateLatest(root);
  return [{ file: bookPath(root, path), did: `made it a copy of ${newest.name} again`, original }];
}
