import { type AxisScale, type AxisType, type AxisValue, axisScale } from './axis-scale.ts';

/** One axis as it is asked for; `valueAt` gives the value of a row. */
export interface ParallelColumn {
  id: string;
  label: string;
  type: AxisType;
  log?: boolean | undefined;
  valueAt(row: number): AxisValue;
}

/** One axis and where it stands; its scale measures from the bottom. */
export interface ParallelAxis {
  id: string;
  label: string;
  x: number;
  scale: AxisScale;
  ticks: { y: number; label: string }[];
  /** Whether some row has no value here: their lines pass below the axis. */
  hasMissing: boolean;
  /** Side on which labels have room. */
  anchor: 'start' | 'middle' | 'end';
}

/** Parallel coordinates as numbers: an axis for each column, a line for each row. */
export interface ParallelChart {
  axes: ParallelAxis[];
  /** Path data of one row; empty where there is only one axis. */
  lineOf(row: number): string;
  /** How far above or below a point the line of a row passes; undefined beside the axes. */
  distanceOf(row: number, x: number, y: number): number | undefined;
  /** Height that lines without a value need below the axes. */
  below: number;
}

const missingDrop = 16;

/** Places axes side by side. Scales are made of all `rows`, so that they stay where they are while rows are filtered. */
export function parallelChart(
  columns: readonly ParallelColumn[],
  rows: readonly number[],
  size: { width: number; height: number },
): ParallelChart {
  const step = columns.length > 1 ? size.width / (columns.length - 1) : 0;
  const axes = columns.map((column, at): ParallelAxis => {
    const values = rows.map((row) => column.valueAt(row));
    const scale = axisScale(values, { type: column.type, length: size.height, log: column.log });
    return {
      id: column.id,
      label: column.label,
      x: round(at * step),
      scale,
      ticks: scale.ticks.map(({ at: from, label }) => ({ y: round(size.height - from), label })),
      hasMissing: values.some((value) => scale.place(value) === undefined),
      anchor: at === 0 ? 'start' : at === columns.length - 1 ? 'end' : 'middle',
    };
  });
  const below = size.height + missingDrop;
  const yOf = (at: number, row: number) => {
    const place = axes[at]!.scale.place(columns[at]!.valueAt(row));
    return place === undefined ? below : round(size.height - place);
  };
  return {
    axes,
    below: axes.some(({ hasMissing }) => hasMissing) ? missingDrop : 0,
    lineOf(row) {
      if (axes.length < 2) return '';
      return axes.map(({ x }, at) => `${at === 0 ? 'M' : 'L'}${x} ${yOf(at, row)}`).join('');
    },
    distanceOf(row, x, y) {
      const right = axes.findIndex((axis) => axis.x >= x);
      if (right < 1) return undefined;
      const [from, to] = [axes[right - 1]!.x, axes[right]!.x];
      const share = (x - from) / Math.max(1, to - from);
      return Math.abs(yOf(right - 1, row) * (1 - share) + yOf(right, row) * share - y);
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
