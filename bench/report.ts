/** One row of a benchmark: what was measured against what, and whether the limit holds. */
export interface Row {
  what: string;
  ours: string;
  peer: string;
  ratio: number;
  /** The most the ratio may be, or the least where `atLeast` is set; undefined where the figure is only printed. */
  limit?: number;
  atLeast?: boolean;
}

/** Every row printed so far, for the one who records them. */
export const printedRows: Row[] = [];

/** Prints rows as a table and returns whether every limit holds. */
export function printRows(title: string, rows: Row[]): boolean {
  printedRows.push(...rows);
  console.log(`\n${title}`);
  const lines = rows.map((row) => [
    row.what,
    row.ours,
    row.peer,
    Number.isNaN(row.ratio) ? '' : row.ratio.toFixed(2),
    limitOf(row),
    verdictOf(row),
  ]);
  const table = [['what', 'ours', 'peer', 'ratio', 'limit', ''], ...lines];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  for (const line of table) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
  }
  return rows.every((row) => verdictOf(row) !== 'MISSED');
}

function limitOf(row: Row): string {
  if (row.limit === undefined) return '';
  return `${row.atLeast === true ? '>=' : '<='} ${row.limit}`;
}

function verdictOf(row: Row): string {
  if (row.limit === undefined) return '';
  const holds = row.atLeast === true ? row.ratio >= row.limit : row.ratio <= row.limit;
  return holds ? 'held' : 'MISSED';
}

/** The middle of some numbers. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs several things in turn, `rounds` times, and returns the median of what each returned: load hits all alike. */
export async function interleave<Name extends string>(
  rounds: number,
  things: Record<Name, () => number | Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(things) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await things[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<Name, number>;
}

/** Milliseconds for people. */
export function ms(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
