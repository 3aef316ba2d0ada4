import { tailActions } from '../../operations/actions/tail.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatActionLine } from '../text/action-rows.ts';
import { formatFinding } from '../text/finding.ts';

/** `daybook tail`: the newest actions, then each new one; Ctrl-C ends it with exit code 0. */
export async function run(context: CommandContext<'tail'>): Promise<undefined> {
  const { out } = context;
  const lines = context.options.lines;
  await tailActions(bookRootOf(context), lines, {
    visit: (record) =>
      context.json ? out.printJson(record.raw, 0) : out.print(formatActionLine(record, out)),
    report: (finding) => out.note(`${out.errorPalette.warning('finding:')} ${formatFinding(finding)}`),
    signal: context.interruptSignal(),
  });
  return undefined;
}
