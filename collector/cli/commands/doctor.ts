import { formatCount } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { type FindingGroup, groupFindings, placesShown } from '../../formats/findings/groups.ts';
import { countFindings } from '../../operations/count-log.ts';
import { examineBook } from '../../operations/health/doctor.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { findingPlace } from '../text/finding.ts';

/** `daybook doctor`: every finding, grouped; exit code 4 where something hides data. */
export async function run(context: CommandContext<'doctor'>): Promise<number> {
  const { out } = context;
  const root = bookRootOf(context);
  out.progress('checking the book …');
  await settleBook(root, (text) => out.note(visibleText(text)));
  const { findings, totals, repairs } = await examineBook(root, {
    repair: context.options.repair,
    quick: context.options.quick,
    build: daybookBuild,
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
  for (const group of groupFindings(findings)) printGroup(group, context.options.all, out);
  const read = `${plural(totals.lines, 'line')} of the log read, ${formatCount(totals.records)} of them good`;
  const sum = `${plural(counts.error, 'error')}, ${plural(counts.warning, 'warning')}, ${plural(counts.note, 'note')}`;
  out.print(
    findings.length === 0 ? `${out.palette.good('Nothing to report.')} ${read}.` : `${sum}. ${read}.`,
  );
  return exitCode;
}

/** What to do once, and the places below it. */
function printGroup(group: FindingGroup, all: boolean, out: Output): void {
  const { severity, code, hint, expected, findings } = group;
  const { bad, faint, strong, warning } = out.palette;
  const paint = { error: bad, warning, note: faint }[severity];
  out.print(`${paint(severity)} ${strong(code)} ${faint(`(${formatCount(findings.length)})`)}`);
  out.print(`  ${visibleText(hint)}`);
  if (expected !== undefined) out.print(`  expected ${visibleText(expected)}, found`);
  const shown = all ? findings : findings.slice(0, placesShown);
  for (const finding of shown) {
    const found = visibleText(finding.found);
    const what = expected === undefined ? `expected ${visibleText(finding.expected)}, found ${found}` : found;
    out.print(`    ${findingPlace(finding)} ${faint(what)}`);
  }
  if (findings.length > shown.length)
    out.print(faint(`    … and ${formatCount(findings.length - shown.length)} more; --all lists them`));
  out.print('');
}
