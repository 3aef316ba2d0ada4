import { codeOfText, type FacetName } from './facets.ts';
import { type ActionStore, type Columns, notLoaded } from './store.ts';
import type { ViewState } from './view-state.ts';

/** What is asked of the rows; an empty set asks nothing. Codes are those of the store's dictionaries. */
export interface Filter {
  status: Set<number>;
  type: Set<number>;
  run: Set<number>;
  writer: Set<number>;
  /** Microseconds, from inclusive, to exclusive. */
  time: { fromUs: number; toUs: number } | undefined;
  /** One byte per row, 1 where the text was found; undefined where no text is asked for. */
  text: Uint8Array | undefined;
}

/** The result of one pass over all rows. */
export interface Matches {
  /** Rows that match everything, newest first. */
  rows: Uint32Array;
  /** For each facet the counts by code of the rows that match everything else. */
  facets: Record<FacetName, Uint32Array>;
  /** Rows loaded so far. */
  loaded: number;
}

const statusBit = 1;
const typeBit = 2;
const runBit = 4;
const writerBit = 8;
const timeBit = 16;
const textBit = 32;
const facetBits = [
  ['status', statusBit],
  ['type', typeBit],
  ['run', runBit],
  ['writer', writerBit],
] as const;

/**
 * Matches all rows. Each row gets a mask of the questions it fails; a facet counts the rows that fail nothing but itself.
 * `onTime(row)` is called for rows that fail nothing but the time, for the timeline. Every question is a loop of its own
 * over one column, and the one loop over all is left with a byte to look at: the page does this with every choice.
 */
export function matchRows(
  columns: Columns,
  sizes: Record<FacetName, number>,
  filter: Filter,
  from: number,
  onTime: (row: number) => void,
): Matches {
  const { status, type, run, writer } = columns;
  const total = status.length;
  const fails = failedQuestions(columns, sizes, filter, from);
  const rows = new Uint32Array(total - from);
  const facets = {
    status: new Uint32Array(sizes.status),
    type: new Uint32Array(sizes.type),
    run: new Uint32Array(sizes.run),
    writer: new Uint32Array(sizes.writer),
  };
  let [count, loaded] = [0, 0];
  for (let row = total - 1; row >= from; row--) {
    const code = status[row]!;
    if (code === notLoaded) continue;
    loaded += 1;
    const failed = fails[row - from]!;
    if (failed === 0) {
      rows[count++] = row;
      facets.status[code]! += 1;
      facets.type[type[row]!]! += 1;
      facets.run[run[row]!]! += 1;
      facets.writer[writer[row]!]! += 1;
      onTime(row);
    } else if (failed === typeBit) facets.type[type[row]!]! += 1;
    else if (failed === statusBit) facets.status[code]! += 1;
    else if (failed === runBit) facets.run[run[row]!]! += 1;
    else if (failed === writerBit) facets.writer[writer[row]!]! += 1;
    else if (failed === timeBit) onTime(row);
  }
  return { rows: rows.subarray(0, count), facets, loaded };
}

/** A byte for each row from `from` on, with the bits of the questions that it fails. */
function failedQuestions(
  columns: Columns,
  sizes: Record<FacetName, number>,
  { time, text, ...chosen }: Filter,
  from: number,
): Uint8Array {
  const total = columns.status.length;
  const fails = new Uint8Array(total - from);
  for (const [name, bit] of facetBits) {
    if (chosen[name].size === 0) continue;
    const codes = columns[name];
    // A row that is not loaded yet has a code beyond all others.
    const failed = new Uint8Array(Math.max(sizes[name], notLoaded + 1)).fill(bit);
    for (const code of chosen[name]) if (code >= 0 && code < sizes[name]) failed[code] = 0;
    for (let row = from; row < total; row++) fails[row - from]! |= failed[codes[row]!]!;
  }
  if (time !== undefined) {
    const { fromUs, toUs } = time;
    for (let row = from; row < total; row++) {
      const us = columns.time[row]!;
      if (us < fromUs || us >= toUs) fails[row - from]! |= timeBit;
    }
  }
  if (text !== undefined)
    for (let row = from; row < total; row++) if (text[row] !== 1) fails[row - from]! |= textBit;
  return fails;
}

/** What a state of the page asks of the rows; `text` are the rows in which its text was found. */
export function filterOf(store: ActionStore, state: ViewState, text?: Uint8Array): Filter {
  const codes = (name: FacetName) =>
    new Set(state.facets[name].map((value) => codeOfText(store, name, value)));
  return {
    status: codes('status'),
    type: codes('type'),
    run: codes('run'),
    writer: codes('writer'),
    time: timeOf(state),
    text,
  };
}

/** The time that a state of the page asks for; none where it is all of it. */
export function timeOf({ fromUs, toUs }: ViewState): Filter['time'] {
  if (fromUs === undefined && toUs === undefined) return undefined;
  return { fromUs: fromUs ?? Number.NEGATIVE_INFINITY, toUs: toUs ?? Number.POSITIVE_INFINITY };
}
