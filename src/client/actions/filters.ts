import { codeOfText, type FacetName, facetNames, facetSizes } from './facets.ts';
import type { RowKinds } from './kinds.ts';
import { MatchedRows } from './matched-rows.ts';
import type { ActionStore } from './store.ts';
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

/** What of a store is filtered. */
export type FilteredStore = Pick<
  ActionStore,
  'columns' | 'kinds' | 'loadedFrom' | 'statuses' | 'types' | 'runs' | 'writers'
>;

/** What matches of the rows that are loaded. */
export interface Matches {
  /** Rows that match everything. */
  rows: MatchedRows;
  /** For each facet the counts by code of the rows that match everything else. */
  facets: Record<FacetName, Uint32Array>;
}

/**
 * Matches all loaded rows. Facets are asked of kinds of rows, of which there are few; a kind that fails no question, or one
 * alone, is counted with all its rows. Where a time or a text is asked for, one pass counts the rows of each kind. Which rows
 * match is worked out where it is looked at.
 */
export function matchRows(store: FilteredStore, filter: Filter): Matches {
  const { columns, kinds } = store;
  const { text } = filter;
  const range = rowsIn(columns.time, store.loadedFrom(), filter.time);
  const isAll = text === undefined && filter.time === undefined;
  const counts = isAll ? kinds.counts : countKinds(columns.kind, kinds.size(), range, text);
  const failed = failedFacets(kinds, filter);
  const sizes = facetSizes(store);
  const facets = {
    status: new Uint32Array(sizes.status),
    type: new Uint32Array(sizes.type),
    run: new Uint32Array(sizes.run),
    writer: new Uint32Array(sizes.writer),
  };
  const passes = new Uint8Array(kinds.size());
  let count = 0;
  for (let kind = 0; kind < passes.length; kind++) {
    const ofKind = counts[kind]!;
    if (failed[kind] === 0) {
      passes[kind] = 1;
      count += ofKind;
    }
    for (const [at, name] of facetNames.entries())
      if ((failed[kind]! & ~(1 << at)) === 0) facets[name][kinds.codes[name][kind]!]! += ofKind;
  }
  return { rows: new MatchedRows(columns.kind, { range, passes, text, count }), facets };
}

/** For each kind of rows a bit for every facet that it fails, in their order. */
function failedFacets(kinds: RowKinds, chosen: Filter): Uint8Array {
  const failed = new Uint8Array(kinds.size());
  for (const [at, name] of facetNames.entries()) {
    if (chosen[name].size === 0) continue;
    const codes = kinds.codes[name];
    for (let kind = 0; kind < failed.length; kind++)
      if (!chosen[name].has(codes[kind]!)) failed[kind]! |= 1 << at;
  }
  return failed;
}

function countKinds(
  kind: Uint32Array,
  size: number,
  [first, end]: readonly [number, number],
  text: Uint8Array | undefined,
): Uint32Array {
  const counts = new Uint32Array(size);
  if (text === undefined) for (let row = first; row < end; row++) counts[kind[row]!]! += 1;
  else for (let row = first; row < end; row++) if (text[row] === 1) counts[kind[row]!]! += 1;
  return counts;
}

/** The rows of a time, which are sorted by it. */
function rowsIn(
  times: Float64Array,
  from: number,
  time: Filter['time'],
): readonly [first: number, end: number] {
  if (time === undefined) return [from, times.length];
  const first = firstAt(times, from, time.fromUs);
  return [first, Math.max(first, firstAt(times, from, time.toUs))];
}

/** The first row from `from` on that is not before a time. */
function firstAt(times: Float64Array, from: number, us: number): number {
  let [low, high] = [from, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < us) low = middle + 1;
    else high = middle;
  }
  return low;
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
