import { type CsvError, type Options, parse } from 'csv-parse/sync';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';

/** A table of texts: names of columns, and rows that have as many cells. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** What stands between cells: ",", ";", "|" or a tab. */
  delimiter: string;
}

const delimiters = ['\t', ',', ';', '|'];

/**
 * Reads a table as programs write them: a line of names, then a line a row; names and cells without the spaces around them. What
 * stands between cells is the one of tab, comma, semicolon and bar that occurs most in the line of names. Rows that are shorter
 * or longer than that line are read as far as they go, and told of once; undefined where there is no line of names.
 */
export function readTable(text: string, file: string, report: (finding: Finding) => void): Table | undefined {
  const delimiter = delimiterOf(text);
  const { records, options } = parsed(text, delimiter, file, report);
  const [header, ...rows] = records;
  if (header === undefined) return undefined;
  const columns = distinct(header);
  reportUneven(rows, columns.length, { text, options, file, report });
  return { columns, rows, delimiter };
}

/** The cell of a row in a column; "" where there is none. */
export function cellOf(row: readonly string[], column: number): string {
  return row[column] ?? '';
}

function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]/) + 1 || 10_000).replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => line.split(delimiter).length;
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best));
}

const usual: Options = {
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
};

function parsed(
  text: string,
  delimiter: string,
  file: string,
  report: (finding: Finding) => void,
): { records: string[][]; options: Options } {
  const options: Options = { ...usual, delimiter };
  try {
    return { records: parse(text, options) as unknown as string[][], options };
  } catch (error) {
    const { message, lines } = error as CsvError & { lines?: number };
    report({
      code: 'wrong-shape',
      severity: 'warning',
      file,
      ...(typeof lines === 'number' ? { line: lines } : {}),
      expected: 'a table, with quotation marks in pairs',
      found: showText(message, 160),
      hint: 'It is read as if quotation marks meant nothing; correct this place.',
    });
    // Without quotation marks nothing can go wrong.
    const bare: Options = { ...options, quote: false };
    return { records: parse(text, bare) as unknown as string[][], options: bare };
  }
}

function reportUneven(
  rows: readonly (readonly string[])[],
  width: number,
  {
    text,
    options,
    file,
    report,
  }: { text: string; options: Options; file: string; report: (finding: Finding) => void },
): void {
  const uneven = rows.filter(({ length }) => length !== width);
  if (uneven.length === 0) return;
  const first = uneven[0]!;
  report({
    code: 'wrong-shape',
    severity: 'warning',
    file,
    line: lineOf(rows.indexOf(first), text, options),
    expected: `${width} cells in each row, as in the line of names`,
    found: `${uneven.length === 1 ? 'a row' : `${uneven.length} rows that have not, the first`} of ${first.length}`,
    hint: 'Cells that are there are read; correct these rows or delete them.',
  });
}

/** The line of a row: looked up again, because hardly a table needs it. */
function lineOf(row: number, text: string, options: Options): number {
  const found = parse(text, { ...options, info: true, to: row + 2 });
  const last = found.at(-1) as unknown as { info: { lines: number } } | undefined;
  return last?.info.lines ?? row + 2;
}

/** Names of columns; one that occurs again gets its number. */
function distinct(names: readonly string[]): string[] {
  const known = new Map<string, number>();
  return names.map((name, at) => {
    const bare = name === '' ? `column ${at + 1}` : name;
    const count = (known.get(bare) ?? 0) + 1;
    known.set(bare, count);
    return count === 1 ? bare : `${bare} (${count})`;
  });
}
