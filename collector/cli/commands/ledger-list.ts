import type { Finding } from '../../formats/findings/finding.ts';
import { listedRun, listRuns, unknownIdentifier } from '../../operations/ledger/read-runs.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { ledgerOf, noteFindings } from '../ledger-options.ts';
import { formatLedgerRuns } from '../text/ledger-rows.ts';

/** `daybook ledger list`: runs of the ledger, newest first. */
export async function run(context: CommandContext<'ledger list'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  const file = ledgerOf(context);
  const identifier = context.arguments[0];
  const findings: Finding[] = [];
  const filter = {
    identifier,
    relpath: context.options.relpath,
    status: context.options.status,
  };
  const runs = await listRuns(root, file, filter, (finding) => findings.push(finding));
  if (!context.json) noteFindings(context, findings);
  if (runs.length === 0 && identifier !== undefined) {
    const all = await listRuns(root, file, {}, () => undefined);
    if (!all.some((run) => run.identifier === identifier)) throw unknownIdentifier(file, all, identifier);
  }
  if (context.json) return out.printJson(runs.map(listedRun));
  if (runs.length === 0)
    out.note(`${file} has no such runs; daybook ledger allocate <identifier> makes one.`);
  for (const line of formatLedgerRuns(runs, out)) out.print(line);
  return undefined;
}
