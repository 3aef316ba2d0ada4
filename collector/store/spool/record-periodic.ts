import { DaybookError, messageOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import type { PeriodicSnapshot } from '../../formats/snapshots/periodic.ts';
import { snapshotsFolder } from '../layout.ts';
import { periodicTextOf, type WrittenSnapshot, writePeriodic } from '../periodic-store.ts';
import { keepInSpool } from './spool-file.ts';
import { spoolFolders } from './spool-place.ts';
import { takeInSpool } from './take-in.ts';

/**
 * Writes one periodic snapshot, after what waited for the book.
 * @throws DaybookError where it cannot be written; it says where the snapshot waits until the next recording.
 */
export async function recordPeriodic(
  root: string,
  snapshot: Omit<PeriodicSnapshot, 'snapshot_id'>,
  atUs: number,
): Promise<WrittenSnapshot> {
  try {
    // What cannot be taken in stays; this snapshot is told of it by its own failure, if there is one.
    if (spoolFolders(root).length > 0) await takeInSpool(root).catch(() => 0);
    return writePeriodic(root, snapshot, atUs);
  } catch (error) {
    const { code, message, hint, where } = writeErrorOf(snapshotsFolder(root), error);
    throw new DaybookError(code, `${message} ${keep(root, periodicTextOf(snapshot), atUs)}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(where === undefined ? {} : { where }),
      cause: error,
    });
  }
}

function keep(root: string, text: string, atUs: number): string {
  try {
    const folder = keepInSpool(root, [{ kind: 'periodic', atUs, text }]);
    return `The snapshot waits in ${folder} until the next recording takes it in.`;
  } catch (error) {
    return `The snapshot could be kept nowhere and is lost: ${messageOf(error)}.`;
  }
}
