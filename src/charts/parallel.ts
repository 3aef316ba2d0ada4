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
  return {
    axes,
    below: axes.some(({ hasMissing }) => hasMissing) ? missingDrop : 0,
    lineOf(row) {
      if (axes.length < 2) return '';
      let path = '';
      for (const [at, axis] of axes.entries()) {
        const place = axis.scale.place((columns[at] as ParallelColumn).valueAt(row));
        path += `${at === 0 ? 'M' : 'L'}${axis.x} ${place === undefined ? below : round(size.height - place)}`;
      }
      return path;
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
