import type { Finding } from '../../formats/findings/finding.ts';
import { loadLedger } from '../../operations/ledger/read-runs.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { ledgerOf, noteFindings } from '../ledger-options.ts';

/** `daybook ledger load`: the whole ledger as one document. */
export async function run(context: CommandContext<'ledger load'>): Promise<undefined> {
  const findings: Finding[] = [];
  const text = await loadLedger(bookRootOf(context), ledgerOf(context), (finding) => findings.push(finding));
  if (!context.json) noteFindings(context, findings);
  context.out.print(text);
  return undefined;
}
