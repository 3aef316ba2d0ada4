/** One row of a benchmark: what was measured against what, and whether the limit holds. */
export interface Row {
  /** The same at every call: it names the series of its ratios in the book. */
  what: string;
  /** The book it was measured on, where there are several. */
  size?: string;
  ours: string;
  peer: string;
  ratio: number;
  /** The most the ratio may be, or the least where `atLeast` is set; undefined where the figure is only printed. */
  limit?: number;
  atLeast?: boolean;
  /** The most memory that all its processes had at once, and how much that may be. */
  memory?: { mib: number; limit?: number };
  /** Why there is no figure: what it is measured with is not to be had here, or it failed. */
  skipped?: string;
  failed?: string;
}

/** What became of a row; none where it has no limit. */
export type Verdict = 'held' | 'MISSED' | 'FAILED' | 'skipped' | '';

/** Rows with their title, as they were printed. */
export interface Table {
  title: string;
  rows: Row[];
}

/** Every table printed so far, for the one who records them. */
export const printedTables: Table[] = [];

/** Prints rows as a table and returns whether every limit holds. */
export function printRows(title: string, rows: Row[]): boolean {
  printedTables.push({ title, rows });
  console.log(`\n${title}`);
  const [head, ...lines] = [titles, ...rows.map(cellsOf)];
  const all = [head!, ...lines].map((cells) =>
    cells.filter((_, at) => lines.some((line) => line[at] !== '')),
  );
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  for (const line of all)
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
  for (const { what, failed, skipped } of rows)
    if (failed !== undefined || skipped !== undefined) console.log(`  ${what}: ${failed ?? skipped}`);
  return rows.every((row) => !['MISSED', 'FAILED'].includes(verdictOf(row)));
}

const titles = ['what', 'size', 'ours', 'peer', 'ratio', 'target', 'MiB', ''];

/** The cells of a row, as terminal and documentation print them: what, size, ours, peer, ratio, target, memory, verdict. */
export function cellsOf(row: Row): string[] {
  const { what, size = '', ours, peer, ratio, memory } = row;
  const mib = memory === undefined ? '' : memory.mib.toFixed(0);
  return [
    what,
    size,
    ours,
    peer,
    Number.isFinite(ratio) ? ratio.toFixed(2) : '',
    targetOf(row),
    memory?.limit === undefined ? mib : `${mib} of ${memory.limit}`,
    verdictOf(row),
  ];
}

function targetOf({ limit, atLeast }: Row): string {
  if (limit === undefined) return '';
  return `${atLeast === true ? '>=' : '<='} ${limit}`;
}

/** What became of a row. A row without a limit holds whatever it says. */
export function verdictOf({ ratio, limit, atLeast, memory, skipped, failed }: Row): Verdict {
  if (failed !== undefined) return 'FAILED';
  if (skipped !== undefined) return 'skipped';
  const held: boolean[] = [];
  if (limit !== undefined) held.push(atLeast === true ? ratio >= limit : ratio <= limit);
  if (memory?.limit !== undefined) held.push(memory.mib <= memory.limit);
  if (held.length === 0) return '';
  return held.every(Boolean) ? 'held' : 'MISSED';
}

/** A row of a time against that of a peer. */
export function timeRow(what: string, ours: number, peer: number, more: Partial<Row> = {}): Row {
  return { what, ours: ms(ours), peer: ms(peer), ratio: ours / peer, ...more };
}

/** A row of a figure against the most that it may be. */
export function limitRow(what: string, value: number, most: number, text: (value: number) => string): Row {
  return { what, ours: text(value), peer: text(most), ratio: value / most, limit: 1 };
}

/** What a part comes to; where it fails, a row that says so, and the others go on. */
export async function attempt(what: string, rows: () => Row[] | Promise<Row[]>): Promise<Row[]> {
  progress(what);
  try {
    return await rows();
  } catch (error) {
    const failed = (error instanceof Error ? error.message : String(error)).slice(0, 2000);
    return [{ what, ours: '', peer: '', ratio: Number.NaN, failed }];
  }
}

/** A row for what cannot be measured here. */
export function skippedRow(what: string, skipped: string): Row {
  return { what, ours: '', peer: '', ratio: Number.NaN, skipped };
}

/** Says on standard error what is being measured. */
export function progress(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what} …`);
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

/** Bytes for people, in megabytes. */
export function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Mebibytes for people. */
export function mib(value: number): string {
  return `${value.toFixed(0)} MiB`;
}
