import { exitCodes } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { EntryVerdict, ReceiptVerdict } from '../../formats/receipts/record.ts';
import { verifyBook } from '../../operations/receipts/verify-book.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { formatColumns } from '../text/columns.ts';
import { entryPaint, printFiles, printGroups, verdictCounts, verdictPaint } from '../text/verdicts.ts';

/** `daybook verify`: every receipt, or those named, held against code, data and previous stages as they are now. */
export async function run(context: CommandContext<'verify'>): Promise<number> {
  const { out } = context;
  const root = bookRootOf(context);
  let count = 0;
  out.progress('reading receipts …');
  const { verdicts, findings } = await verifyBook(
    {
      root,
      paths: context.arguments,
      from: context.cwd,
      nowUs: () => context.clock.nowUs(),
      progress: ({ path, doneBytes, totalBytes }) =>
        out.progress(`reading ${visibleText(path)}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`),
    },
    {
      verified: () => {
        count += 1;
        out.progress(`checked ${plural(count, 'receipt')} …`);
      },
    },
  );
  out.progress();
  if (context.json) out.printJson(verdicts);
  else {
    out.print(verdictCounts(verdicts, out.palette));
    if (context.arguments.length > 0) for (const verdict of verdicts) printVerdict(verdict, out);
    else printGroups(verdicts, out);
  }
  if (findings.length > 0)
    out.note(`${plural(findings.length, 'finding')} while reading; daybook doctor lists them.`);
  return exitCodeOf(verdicts);
}

/** What cannot be proven is no difference, and no success either. */
function exitCodeOf(verdicts: readonly ReceiptVerdict[]): number {
  if (verdicts.some(({ state }) => state === 'differs')) return exitCodes.differences;
  const isOpen = verdicts.some(({ state, entries }) => state === 'unproven' && entries.length > 0);
  return isOpen ? exitCodes.notFound : exitCodes.done;
}

const marks = { matches: '●', reproducible: '○', differs: '✕', unproven: '?' } as const;
const words = {
  matches: 'holds',
  reproducible: 'reproducible',
  differs: 'broken',
  unproven: 'not provable',
} as const;

function printVerdict({ file, state, entries }: ReceiptVerdict, out: Output): void {
  const { palette } = out;
  const paint = verdictPaint(state, palette);
  out.print(`${paint(`${marks[state]} ${words[state]}`)}  ${palette.strong(visibleText(file))}`);
  const rows = entries.map(({ part, name, state, why }) => [
    part,
    ellipsis(visibleText(name), 60),
    state === 'moved' ? 'moved on' : state,
    visibleText(why ?? ''),
  ]);
  const lines = formatColumns(
    rows,
    [{}, {}, { paint: (text, row) => entryPaint(entries[row]!.state, palette)(text) }, { flexible: true }],
    out.width === undefined ? undefined : out.width - 2,
  );
  if (entries.length === 0) out.print(palette.faint('  names neither code nor data nor previous stages'));
  entries.forEach((entry: EntryVerdict, at) => {
    out.print(`  ${lines[at]}`);
    printFiles(entry.files, out);
  });
}
