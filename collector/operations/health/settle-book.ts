import { messageOf } from '../../base/errors.ts';
import { snapshotsFolder } from '../../store/layout.ts';
import { finishReplacements } from '../../store/replace-log.ts';
import type { RunFiles } from '../../store/runs/find-run-files.ts';
import { dropArchivedLines } from '../../store/segments/archive-log.ts';
import { foldLedgers } from '../ledger/fold-ledgers.ts';
import { dropReturnedLines } from '../redact/redact-log.ts';
import { settleRollups } from '../redact/redact-rollup.ts';
import { settleSnapshots } from '../redact/redact-snapshot.ts';
import { foldVersions } from '../versions/fold-versions.ts';

/**
 * Brings the files of a book up to date with what was recorded: operations of ledgers, the list of versions, lines that
 * were appended to a log while it was replaced, lines and snapshots that were redacted, or stand in a segment,
 * and came back with a merge. Done before a book is checked, built or published. `note` hears of what
 * could not be done; nothing is lost by it, and the next time tries again. Gives the files of runs that were found on the way.
 */
export async function settleBook(root: string, note: (text: string) => void): Promise<RunFiles> {
  const found = await foldLedgers(root, note);
  await foldVersions(root, note);
  try {
    await finishReplacements(root, snapshotsFolder(root));
    await dropArchivedLines(root);
    await dropReturnedLines(root);
  } catch (error) {
    note(`Lines appended while a log was replaced are not taken in yet: ${messageOf(error)}`);
  }
  try {
    await settleSnapshots(root);
    await settleRollups(root);
  } catch (error) {
    note(`Files of snapshots that are archived are still there: ${messageOf(error)}`);
  }
  return found;
}
