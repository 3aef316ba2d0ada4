import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { jsonText } from '../../base/json/text.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { csvLine } from '../../operations/query/csv.ts';
import { type QueryResult, queryBook } from '../../operations/query/query.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSince } from '../since.ts';
import { formatColumns } from '../text/columns.ts';

/** Rows that a table shows. */
const mostShown = 1000;

/** `daybook query`: a question in SQL. */
export async function run(context: CommandContext<'query'>): Promise<undefined> {
  const { out, options, clock } = context;
  const root = bookRootOf(context);
  const sinceUs = parseSince(options.since, clock.nowUs());
  const signal = context.interruptSignal();
  out.progress('reading the book …');
  const asked = { root, sinceUs, signal, build: daybookBuild, timeoutMs: options.timeout * 1000 };
  try {
    await queryBook(context.arguments[0], asked, (result) => print(result, context));
  } catch (error) {
    throw signal.aborted ? interrupted(error) : error;
  }
  return undefined;
}

/** What Ctrl-C ended. */
export function interrupted(cause: unknown): DaybookError {
  return new DaybookError('failed', 'It was interrupted.', { hint: 'Nothing was changed.', cause });
}

async function print(
  { columns, pieces }: QueryResult,
  { out, json, options }: CommandContext<'query'>,
): Promise<void> {
  if (json) {
    const objectOf = (row: unknown[]) => Object.fromEntries(row.map((cell, at) => [columns[at]!, cell]));
    return out.printJsonList(pieces, objectOf);
  }
  if (options.csv) {
    out.print(csvLine(columns, options).trimEnd());
    for await (const piece of pieces)
      out.print(
        piece
          .map((row) => csvLine(row, options))
          .join('')
          .trimEnd(),
      );
    return;
  }
  const rows: unknown[][] = [];
  let count = 0;
  for await (const piece of pieces) {
    count += piece.length;
    rows.push(...piece.slice(0, Math.max(0, mostShown - rows.length)));
  }
  const cells = [columns.map(visibleText), ...rows.map((row) => row.map(cellText))];
  const isNumber = (at: number) =>
    rows.length > 0 && rows.every((row) => row[at] === null || typeof row[at] === 'number');
  const paint = (text: string, row: number) => (row === 0 ? out.palette.strong(text) : text);
  const shape = columns.map((_, at) => ({ right: isNumber(at), flexible: !isNumber(at), paint }));
  for (const line of formatColumns(cells, shape, out.width)) out.print(line);
  out.note(
    count > rows.length
      ? `${plural(count, 'row')}, ${rows.length} shown; --json and --csv give all`
      : plural(count, 'row'),
  );
}

function cellText(cell: unknown): string {
  if (cell === null) return '';
  return visibleText(typeof cell === 'object' ? jsonText(cell) : String(cell));
}
