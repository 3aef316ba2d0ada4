import { type AxisScale, type AxisType, type AxisValue, axisScale } from './axis-scale.ts';
import type { StatusName } from './status-shape.ts';

/** One axis of a scatter plot as it is asked for. */
export interface ScatterColumn {
  type: AxisType;
  log?: boolean | undefined;
  valueAt(row: number): AxisValue;
}

/** A scatter plot as numbers; y from the top. */
export interface ScatterChart {
  x: AxisScale;
  y: AxisScale;
  xTicks: { x: number; label: string }[];
  yTicks: { y: number; label: string }[];
  /** Where a row stands; undefined where it has no value on one of the axes. */
  pointOf(row: number): { x: number; y: number } | undefined;
}

/** Places rows by two of their values. Scales are made of all `rows`. */
export function scatterChart(
  columns: { x: ScatterColumn; y: ScatterColumn },
  rows: readonly number[],
  size: { width: number; height: number },
): ScatterChart {
  const scaleOf = ({ type, log, valueAt }: ScatterColumn, length: number, ticks: number) =>
    axisScale(
      rows.map((row) => valueAt(row)),
      { type, log, length, ticks },
    );
  const x = scaleOf(columns.x, size.width, Math.max(2, Math.min(6, Math.floor(size.width / 70))));
  const y = scaleOf(columns.y, size.height, 5);
  return {
    x,
    y,
    xTicks: x.ticks.map(({ at, label }) => ({ x: at, label })),
    yTicks: y.ticks.map(({ at, label }) => ({ y: round(size.height - at), label })),
    pointOf(row) {
      const [left, up] = [x.place(columns.x.valueAt(row)), y.place(columns.y.valueAt(row))];
      return left === undefined || up === undefined ? undefined : { x: left, y: round(size.height - up) };
    },
  };
}

/** Path data of a small mark around a point, with a shape of its own for each status, so that colour is never alone. */
export function pointPath(status: StatusName, { x, y }: { x: number; y: number }): string {
  switch (status) {
    case 'failed':
      return `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`;
    case 'aborted':
      return `M${x - 2.5} ${y - 2.5}h5v5h-5z`;
    case 'unknown':
      return `M${x} ${y - 3.5}l3.5 3.5l-3.5 3.5l-3.5 -3.5z`;
    case 'running':
    case 'pending':
      return `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`;
    case 'completed':
      return `M${x - 2.5} ${y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z`;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
