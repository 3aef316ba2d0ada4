import {
  defaultColumns,
  defaultWeight,
  nameColumn,
  type TableColumn,
} from '../../data/runs/table-columns.ts';
import { runGridWidth } from './grid.ts';
import { type RunMatches, weightAmong } from './matches.ts';
import type { RunStore } from './store.ts';

/** So many values are looked at to say which columns differ among the runs shown; above, the whole book decides. */
const maxCells = 2_000_000;
/** Columns that nobody chose are those that so many rows from the top have something in. */
const firstRows = 30;
/** In rem: on narrower screens the table scrolls sideways. */
export const leastRoom = 48;
/** More columns than this are not shown. */
export const maxColumns = 60;

/** The table that columns are chosen for. */
export interface TableLook {
  /** What matches, in the order of the table. */
  rows: readonly number[];
  matches: RunMatches;
  /** The column that gives the order. */
  sorted: TableColumn | undefined;
  /** The width of its place in rem. */
  room: number;
}

/** The width of a place in rem. */
export function widthInRem(place: HTMLElement): number {
  return place.clientWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Whether all values of a book may be looked at. */
export function isSmall({ total, columns }: RunStore): boolean {
  return total * columns.length <= maxCells;
}

/** The column of an id; the name of a run, which all tables have, among them. */
export function columnNamed(store: RunStore, id: string): TableColumn | undefined {
  return id === nameColumn.id ? nameColumn : store.columnOf(id);
}

/** What was chosen, or what differs among the runs that the filters leave; brushes leave the columns as they are. */
export function chosenColumns(
  store: RunStore,
  chosen: readonly string[] | undefined,
  { rows, matches }: Pick<TableLook, 'rows' | 'matches'>,
): TableColumn[] {
  const ids =
    chosen ??
    defaultColumns(store.columns, matches.unbrushed.length, (column) =>
      weightOf(store, column, rows, matches),
    );
  return ids.flatMap((id) => columnNamed(store, id) ?? []).slice(0, maxColumns);
}

/** Of columns that nobody chose those that the first rows fill and the table has room for: what the order asks for always. */
export function tellingColumns(
  store: RunStore,
  columns: readonly TableColumn[],
  { rows, matches, sorted, room }: TableLook,
): TableColumn[] {
  const isKept = ({ id }: TableColumn) => id === 'status' || id === sorted?.id;
  const telling = columns.filter((column) => isKept(column) || isInSight(store, column, rows));
  const weight = (column: TableColumn) => weightOf(store, column, rows, matches);
  // On a narrow screen the table is wider than its place anyway.
  while (room > leastRoom && runGridWidth(telling) > room) {
    const members = (group: TableColumn['group']) =>
      telling.filter((column) => column.group === group).length;
    const larger = members('param') >= members('metric') ? 'param' : 'metric';
    const [least] = telling
      .filter((column) => column.group !== 'fixed' && !isKept(column))
      .reverse()
      // Of those that tell as much the last one of the larger kind: parameters say little without metrics, and these without them.
      .sort((a, b) => weight(a) - weight(b) || Number(b.group === larger) - Number(a.group === larger));
    if (least === undefined) break;
    telling.splice(telling.indexOf(least), 1);
  }
  return telling;
}

function isInSight(store: RunStore, column: TableColumn, rows: readonly number[]): boolean {
  return rows.slice(0, firstRows).some((row) => {
    const value = store.value(row, column);
    return value !== undefined && value !== null && value !== '';
  });
}

function weightOf(
  store: RunStore,
  column: TableColumn,
  rows: readonly number[],
  { unbrushed }: RunMatches,
): number {
  if (isSmall(store) && rows.length > 0 && !isInSight(store, column, rows)) return 0;
  if (column.id === 'tags') return unbrushed.some((row) => store.tags(row).length > 0) ? 1 : 0;
  if (column.id === 'receipt') return unbrushed.some((row) => store.verdict(row) !== undefined) ? 1 : 0;
  if (!isSmall(store) || column.group === 'fixed' || unbrushed.length === store.total)
    return defaultWeight(column);
  // Texts that are names in the whole book are names among the ones left, too.
  const share = defaultWeight(column) / Math.max(1, column.about?.count ?? 1);
  return share === 0 ? 0 : share * weightAmong(store, unbrushed, column);
}
