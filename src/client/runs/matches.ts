import { isInRange } from '../../charts/axis-scale.ts';
import { didNotSucceed, hasResult } from '../../data/browser.ts';
import { type RunFacet, runFacets } from '../../data/runs/facets.ts';
import {
  axisValue,
  directionOfColumn,
  isNumeric,
  numberIn,
  type TableColumn,
} from '../../data/runs/table-columns.ts';
import type { Condition } from './condition.ts';
import type { RunStore } from './store.ts';
import type { RunViewState } from './view-state.ts';

/** The result of one pass over all loaded runs. */
export interface RunMatches {
  /** Rows that match everything, newest first. */
  rows: number[];
  /** Rows that match everything but the brushes: what charts draw. */
  unbrushed: number[];
  /** For each facet the counts of the rows that match everything else. */
  facets: Map<string, Map<string, number>>;
}

const conditionBit = 1;
const brushBit = 2;
const bits = new Map(runFacets.map(({ name }, at) => [name, 4 << at]));

/** Matches all loaded runs: each gets a mask of the questions it fails, and a facet counts those that fail nothing but itself. */
export function matchRuns(store: RunStore, state: RunViewState, condition: Condition): RunMatches {
  const rows: number[] = [];
  const unbrushed: number[] = [];
  const facets = new Map(runFacets.map(({ name }) => [name, new Map<string, number>()]));
  const asked = runFacets.map((facet) => ({
    facet,
    bit: bits.get(facet.name)!,
    counts: facets.get(facet.name)!,
    wanted: new Set(state.facets.get(facet.name)),
  }));
  const brushes = [...state.brushes].flatMap(([id, range]) => {
    const column = store.columnOf(id);
    return column === undefined ? [] : [{ column, range }];
  });
  for (let row = 0; row < store.loaded(); row++) {
    let fails = 0;
    for (const { facet, bit, wanted } of asked)
      if (wanted.size > 0 && !valuesIn(store, row, facet).some((value) => wanted.has(value))) fails |= bit;
    if (condition.holds?.(store.subject(row, condition.needs)) === false) fails |= conditionBit;
    for (const { column, range } of brushes) {
      if (!isInRange(axisValue(store.value(row, column), column), range)) fails |= brushBit;
    }
    if ((fails & ~brushBit) === 0) unbrushed.push(row);
    if (fails === 0) rows.push(row);
    for (const { facet, bit, counts } of asked) {
      if ((fails & ~bit) !== 0) continue;
      for (const value of valuesIn(store, row, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
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

/** The best value of each metric among the rows of runs that ended well; none where nothing says what is better, or all are equal. */
export function bestAmong(
  store: RunStore,
  rows: readonly number[],
  columns: readonly TableColumn[],
): Map<string, number> {
  const best = new Map<string, number>();
  const ended = rows.filter((row) => isResult(store, row));
  for (const column of columns) {
    const direction = column.group === 'metric' ? directionOfColumn(column) : undefined;
    if (direction === undefined) continue;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of ended) {
      const value = store.value(row, column);
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (least < most) best.set(column.id, direction === 'min' ? least : most);
  }
  return best;
}

/** Whether the run of a row ended well, so that what it reached counts. */
export function isResult(store: RunStore, row: number): boolean {
  return hasResult({ status: store.status(row), stale: store.staleWhy(row) });
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

function valuesIn(store: RunStore, row: number, { field }: RunFacet): readonly string[] {
  if (field !== undefined) return store.facetValues(row, field);
  const verdict = store.verdict(row);
  return verdict === undefined ? [] : [verdict];
}

/** The status as the table shows it. */
export function shownStatus(store: RunStore, row: number): string {
  return String(store.value(row, store.columnOf('status')!));
}
