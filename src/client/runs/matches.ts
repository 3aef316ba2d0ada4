import { isInRange } from '../../charts/axis-scale.ts';
import { didNotSucceed, notRecorded } from '../../data/browser.ts';
import { axisValue, isNumeric, numberIn, type TableColumn } from '../../data/runs/table-columns.ts';
import { staleWord } from '../../data/runs/words.ts';
import type { Condition } from './condition.ts';
import type { RunStore } from './store.ts';
import { type RunFacetName, type RunViewState, runFacetNames } from './view-state.ts';

/** The result of one pass over all loaded runs. */
export interface RunMatches {
  /** Rows that match everything, newest first. */
  rows: number[];
  /** Rows that match everything but the brushes: what charts draw. */
  unbrushed: number[];
  /** For each facet the counts of the rows that match everything else. */
  facets: Record<RunFacetName, Map<string, number>>;
}

const bits: Record<RunFacetName, number> = { status: 1, identifier: 2, tag: 4, receipt: 8 };
const conditionBit = 16;
const brushBit = 32;

/** Matches all loaded runs: each gets a mask of the questions it fails, and a facet counts those that fail nothing but itself. */
export function matchRuns(store: RunStore, state: RunViewState, condition: Condition): RunMatches {
  const rows: number[] = [];
  const unbrushed: number[] = [];
  const facets = {
    status: new Map<string, number>(),
    identifier: new Map<string, number>(),
    tag: new Map<string, number>(),
    receipt: new Map<string, number>(),
  };
  const wanted = new Map(
    runFacetNames
      .filter((name) => state.facets[name].length > 0)
      .map((name) => [name, new Set(state.facets[name])] as const),
  );
  const brushes = [...state.brushes].flatMap(([id, range]) => {
    const column = store.columnOf(id);
    return column === undefined ? [] : [{ column, range }];
  });
  for (let row = 0; row < store.loaded(); row++) {
    let fails = 0;
    for (const [name, set] of wanted) if (!hasAny(store, row, name, set)) fails |= bits[name];
    if (condition.holds?.(store.subject(row, condition.needs)) === false) fails |= conditionBit;
    for (const { column, range } of brushes) {
      if (!isInRange(axisValue(store.value(row, column), column), range)) fails |= brushBit;
    }
    if ((fails & ~brushBit) === 0) unbrushed.push(row);
    if (fails === 0) rows.push(row);
    for (const name of runFacetNames) {
      if ((fails & ~bits[name]) !== 0) continue;
      for (const value of facetValues(store, row, name))
        facets[name].set(value, (facets[name].get(value) ?? 0) + 1);
    }
  }
  return { rows, unbrushed, facets };
}

/**
 * Rows in the order that is asked for; those without a value come last, whatever the direction, and before them, where
 * a metric gives the order, runs that failed, unless they are wanted among the others.
 */
export function sortRuns(
  store: RunStore,
  rows: number[],
  column: TableColumn | undefined,
  down: boolean,
  withFailed: boolean,
): number[] {
  if (column === undefined) return rows;
  const asNumber = isNumeric(column) || column.type === 'time';
  const keys = new Map<number, number | string>();
  for (const row of rows) {
    const value = store.value(row, column);
    const number = asNumber ? numberIn(value) : undefined;
    if (number !== undefined && !Number.isNaN(number)) keys.set(row, number);
    else if (!asNumber && value !== undefined && value !== null) keys.set(row, String(value).toLowerCase());
  }
  const way = down ? -1 : 1;
  const behind = new Set(withFailed ? [] : failedAmong(store, rows, column));
  return [...rows].sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined) || a - b;
    if (behind.has(a) !== behind.has(b)) return behind.has(a) ? 1 : -1;
    return x < y ? -way : x > y ? way : a - b;
  });
}

/** The rows of runs that failed, were aborted or are stale and yet have a value of a metric; none for other columns. */
export function failedAmong(
  store: RunStore,
  rows: readonly number[],
  column: TableColumn | undefined,
): number[] {
  if (column?.group !== 'metric') return [];
  return rows.filter((row) => {
    const stale = store.staleWhy(row);
    return didNotSucceed({ status: store.status(row), stale }) && store.value(row, column) !== undefined;
  });
}

/** In how many of the rows a column stands, 0 where all of them have the same value. */
export function weightAmong(store: RunStore, rows: readonly number[], column: TableColumn): number {
  let [count, differs, known]: [number, boolean, unknown] = [0, false, undefined];
  for (const row of rows) {
    const value = store.value(row, column);
    if (value === undefined) continue;
    if (count === 0) known = value;
    else if (!differs && !Object.is(value, known)) differs = true;
    count += 1;
  }
  return differs ? count : 0;
}

function hasAny(store: RunStore, row: number, name: RunFacetName, wanted: Set<string>): boolean {
  return facetValues(store, row, name).some((value) => wanted.has(value));
}

/** The status as the table shows it. */
export function shownStatus(store: RunStore, row: number): string {
  if (store.staleWhy(row) !== undefined) return staleWord;
  return store.statusWord(row) === notRecorded ? notRecorded : store.status(row);
}

function facetValues(store: RunStore, row: number, name: RunFacetName): readonly string[] {
  switch (name) {
    case 'status':
      return [shownStatus(store, row)];
    case 'identifier':
      return [store.identifier(row)];
    case 'tag':
      return [...new Set(store.tags(row))];
    case 'receipt': {
      const verdict = store.verdict(row);
      return verdict === undefined ? [] : [verdict];
    }
  }
}
