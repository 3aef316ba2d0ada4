import { dirname } from 'node:path';
import { tryGit } from '../../base/git.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { type ParsedLedger, parseLedger } from '../../formats/ledger/ledger.ts';
import type { LedgerEntry } from '../../formats/ledger/record.ts';
import { keyText } from '../../formats/ledger/record.ts';
import type { LedgerFiles } from './ledger-files.ts';

/**
 * The runs of a torn ledger: those that are whole in it, and beside them those that only the last commit has. Says by a
 * finding where they come from.
 */
export async function lastGoodState(
  files: LedgerFiles,
  torn: ParsedLedger,
  report: (finding: Finding) => void,
): Promise<LedgerEntry[]> {
  const committed = await committedLedger(files);
  const runs = new Map(torn.entries.map((entry) => [keyText(entry.run), entry]));
  const lacking = committed?.entries.filter(({ run }) => !runs.has(keyText(run))) ?? [];
  report({
    code: 'torn-ledger',
    severity: 'note',
    file: files.file,
    expected: 'a whole ledger',
    found:
      committed === undefined
        ? `${runs.size} whole runs in what is left; git has no earlier state of it`
        : `${runs.size} whole runs in what is left, and ${lacking.length} more in the last commit`,
    hint: 'These are shown.',
  });
  if (committed === undefined) return torn.entries;
  // The order of the last whole state, with what is newer in the torn one.
  const entries = new Map(committed.entries.map((entry) => [keyText(entry.run), entry]));
  for (const entry of torn.entries) entries.set(keyText(entry.run), entry);
  return [...entries.values()];
}

async function committedLedger(files: LedgerFiles): Promise<ParsedLedger | undefined> {
  try {
    const name = files.path.slice(dirname(files.path).length + 1);
    const shown = await tryGit(dirname(files.path), ['show', `HEAD:./${name}`]);
    const ledger = shown.ok ? parseLedger(shown.stdout, files.file) : undefined;
    return ledger?.kind === 'ledger' ? ledger : undefined;
  } catch {
    return undefined; // git is not installed
  }
}
