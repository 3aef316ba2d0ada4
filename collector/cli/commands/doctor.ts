import { visibleText } from '../../base/terminal.ts';
import type { Finding, Severity } from '../../formats/finding.ts';
import { examineBook } from '../../operations/doctor.ts';
import { settleBook } from '../../operations/settle-book.ts';
import { countFindings } from '../../operations/summarize.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { findingPlace } from '../format-finding.ts';
import { formatCount, plural } from '../format-values.ts';
import type { Output } from '../output.ts';

/** How many findings of one kind are printed; --json has all of them. */
const mostPerKind = 20;

/** `daybook doctor`: every finding, grouped; exit code 4 where something hides data. */
export async function run(context: CommandContext): Promise<number> {
  const { out } = context;
  const root = bookRootOf(context);
  out.progress('checking the book …');
  await settleBook(root, (text) => out.note(visibleText(text)));
  const { findings, totals, repairs } = await examineBook(root, {
    repair: context.options.has('repair'),
    clock: context.clock,
  });
  out.progress();
  const counts = countFindings(findings);
  const exitCode = counts.error + counts.warning > 0 ? 4 : 0;
  if (context.json) {
    out.printJson({ findings, counts, repairs });
    return exitCode;
  }
  for (const { file, did, original } of repairs) {
    const kept = original === null ? '' : out.palette.faint(` (original: ${visibleText(original)})`);
    out.print(`${out.palette.good('mended')} ${visibleText(file)}: ${did}${kept}`);
  }
  for (const severity of ['error', 'warning', 'note'] as const) printGroup(severity, findings, out);
  const read = `${plural(totals.lines, 'line')} of the log read, ${formatCount(totals.records)} of them good`;
  const sum = `${plural(counts.error, 'error')}, ${plural(counts.warning, 'warning')}, ${plural(counts.note, 'note')}`;
  out.print(
    findings.length === 0 ? `${out.palette.good('Nothing to report.')} ${read}.` : `${sum}. ${read}.`,
  );
  return exitCode;
}

function printGroup(severity: Severity, findings: readonly Finding[], out: Output): void {
  const { bad, faint, strong, warning } = out.palette;
  const paint = { error: bad, warning, note: faint }[severity];
  const byCode = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.severity === severity)
      byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  }
  for (const [code, group] of byCode) {
    out.print(`${paint(severity)} ${strong(code)} ${faint(`(${formatCount(group.length)})`)}`);
    for (const finding of group.slice(0, mostPerKind)) {
      out.print(`  ${findingPlace(finding)}`);
      out.print(`    expected ${visibleText(finding.expected)}, found ${visibleText(finding.found)}`);
    }
    if (group.length > mostPerKind)
      out.print(faint(`  … and ${formatCount(group.length - mostPerKind)} more; --json lists all`));
    out.print(`  ${faint(visibleText(group[0]!.hint))}`);
    out.print('');
  }
}
