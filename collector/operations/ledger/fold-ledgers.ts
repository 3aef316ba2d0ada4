import { existsSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import { ledgerFiles } from '../../store/ledger/ledger-files.ts';
import { LedgerWriter } from '../../store/ledger/ledger-writer.ts';
import { findRunFiles, type RunFiles } from '../../store/runs/find-run-files.ts';

/** How long a builder or a check waits for someone who holds a ledger: the journal beside it is read all the same. */
const maxWaitMs = 3000;

/**
 * Folds the journals of all ledgers of a book into them, so that what is committed and published is whole. Ledgers that
 * Python shares are whole already. `note` hears of those that could not be folded; none of them is an error. Gives all files of
 * runs that it found on the way.
 */
export async function foldLedgers(
  root: string,
  note: (text: string) => void = () => undefined,
): Promise<RunFiles> {
  const found = await findRunFiles(root, {}, () => undefined);
  const { bySource } = found;
  for (const file of bySource['ledger']!) {
    const files = ledgerFiles(root, file);
    if (!existsSync(files.journal)) continue;
    const writer = new LedgerWriter(files, { maxWaitMs, note });
    try {
      await writer.fold();
    } catch (error) {
      note(`${file} keeps its journal for now: ${messageOf(error)}`);
    } finally {
      await writer.close();
    }
  }
  return found;
}
