import { formatDuration } from '../../base/format/duration.ts';
import { formatTime } from '../../base/format/time.ts';
import { visibleText } from '../../base/terminal.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { LedgerRun } from '../../formats/ledger/record.ts';
import { resolveRelpath } from '../../operations/ledger/ledger-request.ts';
import { getRun } from '../../operations/ledger/read-runs.ts';
import { stalenessOf } from '../../store/ledger/staleness.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { ledgerOf, noteFindings } from '../ledger-options.ts';
import type { Output } from '../output.ts';
import { formatColumns } from '../text/columns.ts';
import { durationOf } from '../text/ledger-rows.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook ledger get`: one run whole. */
export async function run(context: CommandContext<'ledger get'>): Promise<undefined> {
  const [identifier, uid] = context.arguments;
  const key = { identifier, uid, relpath: resolveRelpath(context.options.relpath) };
  const findings: Finding[] = [];
  const found = await getRun(bookRootOf(context), ledgerOf(context), key, (finding) =>
    findings.push(finding),
  );
  if (context.json) return context.out.printJson(found.record);
  noteFindings(
    context,
    findings.filter(({ code }) => code === 'torn-ledger'),
  );
  printRun(found, context.out);
  return undefined;
}

function printRun(run: LedgerRun, out: Output): void {
  const { palette } = out;
  const place = run.relpath === '' ? '' : ` ${visibleText(run.relpath)}`;
  const status = paintStatus(run.status, palette)(formatStatus(run.status));
  out.print(`${palette.strong(`${visibleText(run.identifier)}${place} ${visibleText(run.uid)}`)}  ${status}`);
  const duration = durationOf(run);
  const details = [
    ['file', visibleText(run.file)],
    ...(run.paramHash === null || run.paramHash === undefined
      ? []
      : [['parameters', visibleText(String(run.paramHash))]]),
    ...(duration === undefined ? [] : [['duration', formatDuration(duration)]]),
  ] as string[][];
  for (const line of formatColumns(details, [{ paint: palette.faint }, {}])) out.print(line);
  const stale = stalenessOf(run);
  if (stale !== undefined) out.print(palette.warning(`stale: ${visibleText(stale.why)}`));
  if (Object.keys(run.files).length > 0) {
    out.print('');
    out.print(palette.strong('files'));
    const rows = Object.entries(run.files).map(([name, path]) => [
      `  ${visibleText(name)}`,
      visibleText(path),
    ]);
    for (const line of formatColumns(rows, [{}, { flexible: true }], out.width)) out.print(line);
  }
  if (run.history.length === 0) return;
  out.print('');
  out.print(
    `${palette.strong('history')}${palette.faint(run.zoneless ? ' (UTC; the ledger names no zone)' : ' (UTC)')}`,
  );
  const rows = run.history.map(({ atUs, word }) => [`  ${formatTime(atUs)}`, visibleText(word)]);
  for (const line of formatColumns(rows, [{ paint: palette.faint }, {}])) out.print(line);
}
