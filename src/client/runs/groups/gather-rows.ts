import { type GatheredRuns, gatherRuns, groupId, mainMetrics, runColumns } from '../../../data/browser.ts';
import {
  directionOfColumn,
  isNumeric,
  numberIn,
  type TableColumn,
} from '../../../data/runs/table-columns.ts';
import type { Scalar } from '../../../data/runs/types.ts';
import { isResult } from '../matches.ts';
import { columnNamed, isSmall } from '../shown-columns.ts';
import type { RunStore } from '../store.ts';
import type { RunViewState } from '../view-state.ts';

/** Something measured of each group, and what is better of it. */
export interface GroupColumn {
  column: TableColumn;
  direction: 'min' | 'max' | undefined;
}

/** All groups of some rows, and what they were made by. */
export interface RowGroups {
  by: TableColumn[];
  measures: GroupColumn[];
  groups: GatheredRuns<number>[];
  /** Ids of the groups in the same order, as the address has them. */
  ids: string[];
  /** Rows that did not end well, or not yet. */
  apart: number;
}

/** What of a state decides about groups. */
type Asked = Pick<RunViewState, 'group' | 'columns' | 'sort'>;

/** More names than this make no groups any more. */
export const mostNames = 6;

/** Columns that have to be loaded before rows can be gathered as the state asks. */
export function neededForGroups(store: RunStore, { group, columns }: Asked): string[] {
  const metrics = isSmall(store) ? store.columns.filter((column) => column.group === 'metric') : [];
  return [
    ...group,
    ...(columns ?? []),
    ...bookMeasures(store).map(({ id }) => id),
    ...metrics.map(({ id }) => id),
  ];
}

/** The rows gathered as `daybook runs --group-by` gathers runs: by the same code, with the same measures unless others were chosen. */
export function gatherRows(
  store: RunStore,
  rows: readonly number[],
  asked: Asked,
  measures: GroupColumn[] = groupMeasures(store, rows, asked),
): RowGroups {
  const by = asked.group.flatMap((id) => columnNamed(store, id) ?? []).slice(0, mostNames);
  const wanted = asked.sort.replace(/^-/, '');
  const known = [...by, ...measures.map(({ column }) => column)].find(({ id }) => id === wanted);
  const groups = gatherRuns(rows, {
    by: by.map((column) => ({ name: column.id, valueIn: (row) => valueIn(store, row, column) })),
    measures: measures.map(({ column, direction }) => ({
      name: column.id,
      valueIn: (row) => store.value(row, column) as Scalar | undefined,
      direction,
    })),
    counts: (row) => isResult(store, row),
    order: known && { name: known.id, down: asked.sort.startsWith('-') },
  });
  return {
    by,
    measures,
    groups,
    ids: groups.map(({ values }) => groupId(by.map(({ id }) => values[id]))),
    apart: groups.reduce((sum, { apart }) => sum + apart.length, 0),
  };
}

/** In a column of texts and numbers the data files have texts: those that say a number are one. */
function valueIn(store: RunStore, row: number, column: TableColumn): Scalar | undefined {
  const value = store.value(row, column) as Scalar | undefined;
  return column.type === 'mixed' ? (numberIn(value as string | undefined) ?? value) : value;
}

/** What is measured of each group: numbers among the chosen columns, else the main metrics of the runs that count. */
export function groupMeasures(
  store: RunStore,
  rows: readonly number[],
  asked: Pick<Asked, 'group' | 'columns'>,
): GroupColumn[] {
  return measuredColumns(store, rows, asked).map((column) => ({
    column,
    direction: directionOfColumn(column),
  }));
}

function measuredColumns(
  store: RunStore,
  rows: readonly number[],
  { columns, group }: Pick<Asked, 'group' | 'columns'>,
): TableColumn[] {
  const chosen = (columns ?? [])
    .flatMap((id) => store.columnOf(id) ?? [])
    .filter((column) => isNumeric(column) && column.type !== 'mixed' && !group.includes(column.id));
  if (chosen.length > 0) return chosen;
  if (!isSmall(store)) return bookMeasures(store);
  const metrics = store.columns.filter((column) => column.group === 'metric');
  const counted = rows.filter((row) => isResult(store, row));
  const records = counted.map((row) => ({
    params: {},
    directions: {},
    metrics: Object.fromEntries(
      metrics.flatMap((column) => {
        const value = store.value(row, column);
        return typeof value === 'number' ? [[column.name, value] as const] : [];
      }),
    ),
  }));
  const about = new Map(metrics.map((column) => [column.name, column]));
  const found = runColumns(records).map((column) => ({
    ...column,
    direction: about.get(column.name)?.about?.direction,
  }));
  return mainMetrics(found, counted.length).map(({ name }) => about.get(name)!);
}

/** The main metrics of the whole book. */
function bookMeasures(store: RunStore): TableColumn[] {
  return mainMetrics(store.index.columns, store.total).flatMap(
    ({ name }) => store.columnOf(`metric.${name}`) ?? [],
  );
}
