import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { EntryVerdict, ReceiptVerdict } from '../../formats/receipt-record.ts';
import { verifyBook } from '../../operations/receipts/verify-book.ts';
import { formatColumns } from '../columns.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatBytes, plural } from '../format-values.ts';
import type { Output, Palette } from '../output.ts';

const mostFilesShown = 10;

/** `daybook verify`: every receipt, or those named, held against code, data and previous stages as they are now. */
export async function run(context: CommandContext): Promise<number> {
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
  const differing = verdicts.filter(({ state }) => state === 'differs').length;
  if (context.json) out.printJson(verdicts);
  else print(verdicts, out);
  if (findings.length > 0)
    out.note(`${plural(findings.length, 'finding')} while reading; daybook doctor lists them.`);
  return differing > 0 ? 4 : 0;
}

function print(verdicts: readonly ReceiptVerdict[], out: Output): void {
  for (const verdict of verdicts) printVerdict(verdict, out);
  const count = (state: ReceiptVerdict['state']) =>
    verdicts.filter((verdict) => verdict.state === state).length;
  out.print(
    verdicts.length === 0
      ? 'No receipts in this book.'
      : `${plural(verdicts.length, 'receipt')}: ${count('matches')} match, ${count('differs')} differ, ${count('unproven')} cannot be proven.`,
  );
}

const marks = { matches: '●', differs: '✕', unproven: '?' } as const;
const words = { matches: 'matches', differs: 'differs', unproven: 'cannot be proven' } as const;

function printVerdict({ file, state, entries }: ReceiptVerdict, out: Output): void {
  const { palette } = out;
  const paint = { matches: palette.good, differs: palette.bad, unproven: palette.warning }[state];
  out.print(`${paint(`${marks[state]} ${words[state]}`)}  ${palette.strong(visibleText(file))}`);
  const rows = entries.map(({ part, name, state, why }) => [
    part,
    ellipsis(visibleText(name), 60),
    state,
    visibleText(why ?? ''),
  ]);
  const lines = formatColumns(
    rows,
    [{}, {}, { paint: (text, row) => paintState(entries[row]!, palette)(text) }, { flexible: true }],
    out.width === undefined ? undefined : out.width - 2,
  );
  if (entries.length === 0) out.print(palette.faint('  names neither code nor data nor previous stages'));
  entries.forEach((entry, at) => {
    out.print(`  ${lines[at]}`);
    for (const { path, change } of entry.files.slice(0, mostFilesShown))
      out.print(`      ${palette.faint(change.padEnd(7))}  ${visibleText(path)}`);
    const more = entry.files.length - mostFilesShown;
    if (more > 0) out.print(palette.faint(`      … and ${more} more; --json lists them`));
  });
}

function paintState({ state }: EntryVerdict, palette: Palette): (text: string) => string {
  if (state === 'unchanged') return palette.good;
  return state === 'uncheckable' ? palette.warning : palette.bad;
}
