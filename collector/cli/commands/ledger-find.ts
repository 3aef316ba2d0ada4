import { DaybookError } from '../../base/errors.ts';
import { listedRun, listRuns } from '../../operations/ledger/read-runs.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { hashOf, ledgerOf } from '../ledger-options.ts';
import { formatLedgerRuns } from '../text/ledger-rows.ts';

/** `daybook ledger find`: the runs with these parameters, newest first. */
export async function run(context: CommandContext<'ledger find'>): Promise<undefined> {
  const { out } = context;
  const file = ledgerOf(context);
  const paramHash = hashOf(context);
  if (paramHash === undefined || paramHash === null) {
    throw new DaybookError('usage', 'daybook ledger find needs the parameters to find.', {
      hint: 'For example: daybook ledger find train --param lr=0.1',
    });
  }
  const filter = {
    identifier: context.arguments[0],
    relpath: context.options.relpath,
    status: context.options.status,
    paramHash,
  };
  const runs = await listRuns(bookRootOf(context), file, filter, () => undefined);
  if (runs.length === 0) {
    throw new DaybookError('not-found', `${file} has no such run with the parameters' hash ${paramHash}.`, {
      where: file,
      hint: 'All parameters count, and 1 differs from 1.0; daybook ledger list shows what there is.',
    });
  }
  if (context.json) return out.printJson(runs.map(listedRun));
  if (!context.quiet) for (const line of formatLedgerRuns(runs, out)) out.print(line);
  return undefined;
}
