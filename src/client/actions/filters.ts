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

/**
 * Matches all rows in one pass. Each row gets a mask of the questions it fails; a facet counts the rows that fail nothing
 * but itself. `onTime(row)` is called for rows that fail nothing but the time, for the timeline.
 */
export function matchRows(
  columns: Columns,
  sizes: Record<FacetName, number>,
  filter: Filter,
  from: number,
  onTime: (row: number) => void,
): Matches {
  const { status, type, run, writer, time } = columns;
  const total = status.length;
  const rows = new Uint32Array(total - from);
  const facets = {
    status: new Uint32Array(sizes.status),
    type: new Uint32Array(sizes.type),
    run: new Uint32Array(sizes.run),
    writer: new Uint32Array(sizes.writer),
  };
  const wanted = {
    status: flags(filter.status, sizes.status),
    type: flags(filter.type, sizes.type),
    run: flags(filter.run, sizes.run),
    writer: flags(filter.writer, sizes.writer),
  };
  const fromUs = filter.time?.fromUs ?? Number.NEGATIVE_INFINITY;
  const toUs = filter.time?.toUs ?? Number.POSITIVE_INFINITY;
  const text = filter.text;
  let [count, loaded] = [0, 0];
  for (let row = total - 1; row >= from; row--) {
    const code = status[row]!;
    if (code === notLoaded) continue;
    loaded += 1;
    let fails = 0;
    if (wanted.status !== undefined && wanted.status[code] !== 1) fails |= statusBit;
    if (wanted.type !== undefined && wanted.type[type[row]!] !== 1) fails |= typeBit;
    if (wanted.run !== undefined && wanted.run[run[row]!] !== 1) fails |= runBit;
    if (wanted.writer !== undefined && wanted.writer[writer[row]!] !== 1) fails |= writerBit;
    const us = time[row]!;
    if (us < fromUs || us >= toUs) fails |= timeBit;
    if (text !== undefined && text[row] !== 1) fails |= textBit;
    if (fails === 0) rows[count++] = row;
    if ((fails & ~statusBit) === 0) facets.status[code]! += 1;
    if ((fails & ~typeBit) === 0) facets.type[type[row]!]! += 1;
    if ((fails & ~runBit) === 0) facets.run[run[row]!]! += 1;
    if ((fails & ~writerBit) === 0) facets.writer[writer[row]!]! += 1;
    if ((fails & ~timeBit) === 0) onTime(row);
  }
  return { rows: rows.subarray(0, count), facets, loaded };
}

function flags(codes: Set<number>, size: number): Uint8Array | undefined {
  if (codes.size === 0) return undefined;
  const wanted = new Uint8Array(size);
  for (const code of codes) if (code >= 0 && code < size) wanted[code] = 1;
  return wanted;
}

/** What a state of the page asks of the rows; `text` are the rows in which its text was found. */
export function filterOf(store: ActionStore, { facets, fromUs, toUs }: ViewState, text?: Uint8Array): Filter {
  const codes = (name: FacetName) => new Set(facets[name].map((value) => codeOfText(store, name, value)));
  const isOpen = fromUs === undefined && toUs === undefined;
  return {
    status: codes('status'),
    type: codes('type'),
    run: codes('run'),
    writer: codes('writer'),
    time: isOpen
      ? undefined
      : { fromUs: fromUs ?? Number.NEGATIVE_INFINITY, toUs: toUs ?? Number.POSITIVE_INFINITY },
    text,
  };
}
