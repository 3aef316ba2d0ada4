import { statusGroups } from '../../charts/colour-groups.ts';
import { type ParallelChart, parallelChart } from '../../charts/parallel.ts';
import { scatterChart } from '../../charts/scatter.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { axisTypeOf, axisValue, type TableColumn, tableColumns, valueOfRun } from './table-columns.ts';
import type { RunsSummary } from './types.ts';

/** Parallel coordinates of the newest runs as they are printed: one path for each status. */
export interface PrintedParallel {
  chart: ParallelChart;
  lines: { status: StatusName; path: string }[];
  shown: number;
}

/** A scatter plot of the newest runs as it is printed; x in per cent of the width. */
export interface PrintedScatter {
  x: string;
  y: string;
  xTicks: { x: number; label: string }[];
  yTicks: { y: number; label: string }[];
  points: { x: number; y: number; status: StatusName; name: string }[];
  /** How many of the runs looked at have no value on one of the axes. */
  missing: number;
}

const maxLines = 500;

/** Lines over sensible axes; undefined where fewer than two runs or two axes are there. */
export function printedParallel(runs: RunsSummary, height: number): PrintedParallel | undefined {
  const all = tableColumns(runs.columns);
  const { views } = runs;
  const axes = runs.charts.axes.flatMap((id) => all.filter((column) => column.id === id));
  if (views.length < 2 || axes.length < 2) return undefined;
  const columns = axes.map((column) => ({
    id: column.id,
    label: column.label,
    type: axisTypeOf(column),
    valueAt: (row: number) => valueIn(views, row, column),
  }));
  const rows = [...views.keys()].filter((row) => says(row, columns)).slice(0, maxLines);
  const chart = parallelChart(columns, rows, { width: 1000, height });
  const groups = statusGroups((row) => views[row]?.status ?? 'unknown');
  const paths = groups.groups.map(() => '');
  for (const row of rows) paths[groups.groupOf(row)] += chart.lineOf(row);
  return {
    chart,
    lines: groups.groups
      .map(({ label }, at) => ({ status: label as StatusName, path: paths[at] ?? '' }))
      .filter(({ path }) => path !== ''),
    shown: rows.length,
  };
}

/** Points over sensible axes; undefined where fewer than two runs have a place. */
export function printedScatter(runs: RunsSummary, height: number): PrintedScatter | undefined {
  const all = tableColumns(runs.columns);
  const [x, y] = [runs.charts.x, runs.charts.y].map((id) => all.find((column) => column.id === id));
  const { views } = runs;
  if (x === undefined || y === undefined || views.length < 2) return undefined;
  const rows = [...views.keys()];
  const column = (of: TableColumn) => ({
    type: axisTypeOf(of),
    valueAt: (row: number) => valueIn(views, row, of),
  });
  const placed = rows
    .filter((row) => isNumber(valueIn(views, row, x)) && isNumber(valueIn(views, row, y)))
    .slice(0, maxLines);
  if (placed.length < 2) return undefined;
  const chart = scatterChart({ x: column(x), y: column(y) }, placed, { width: 100, height });
  return {
    x: x.label,
    y: y.label,
    xTicks: chart.xTicks,
    yTicks: chart.yTicks,
    points: placed.flatMap((row) => {
      const point = chart.pointOf(row);
      const { status = 'unknown' as const, name = '' } = views[row] ?? {};
      return point === undefined ? [] : [{ ...point, status, name }];
    }),
    missing: rows.length - placed.length,
  };
}

/** Whether a run has a value on at least two axes: others would be a line along the bottom. */
function says(row: number, columns: { valueAt(row: number): unknown }[]): boolean {
  let count = 0;
  for (const column of columns) {
    const value = column.valueAt(row);
    if (value !== undefined && value !== null) count += 1;
  }
  return count >= 2;
}

function valueIn(views: RunsSummary['views'], row: number, column: TableColumn) {
  const view = views[row];
  return view === undefined ? undefined : axisValue(valueOfRun(view, column), column);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
