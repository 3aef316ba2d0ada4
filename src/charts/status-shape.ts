/** The statuses in the order a stacked bar shows them, from the bottom: what went wrong lies on top, where it is seen. */
export const statusOrder = ['completed', 'running', 'pending', 'unknown', 'aborted', 'failed'] as const;

/** A status as the charts know it; the same six words as in the data. */
export type StatusName = (typeof statusOrder)[number];

/** Everything that has a mark of its own: the statuses, and what a list of things to look at can hold beside them. */
export type MarkName = StatusName | 'missed' | 'finding' | 'degraded' | 'reproducible';

/** A mark in a box of 12 by 12 units: path data, and whether it is filled or drawn as a line. */
export interface Shape {
  path: string;
  filled: boolean;
}

/** Side of the box that the shapes are drawn in. */
export const shapeBox = 12;

const shapes: Record<MarkName, Shape> = {
  completed: { path: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z', filled: true },
  failed: { path: 'M2 2l8 8M10 2l-8 8', filled: false },
  running: { path: 'M6 1.75a4.25 4.25 0 1 0 4.25 4.25', filled: false },
  aborted: { path: 'M2 2h8v8h-8z', filled: false },
  pending: { path: 'M6 1.75a4.25 4.25 0 1 0 0 8.5a4.25 4.25 0 1 0 0-8.5z', filled: false },
  unknown: { path: 'M6 1.2l4.8 4.8l-4.8 4.8l-4.8-4.8z', filled: false },
  missed: {
    path: 'M1.5 3v-1.5h1.5M5 1.5h2M9 1.5h1.5v1.5M10.5 5v2M10.5 9v1.5h-1.5M7 10.5h-2M3 10.5h-1.5v-1.5M1.5 7v-2',
    filled: false,
  },
  finding: { path: 'M6 1.75l4.75 8.5h-9.5z', filled: false },
  reproducible: {
    path: 'M6 1.75a4.25 4.25 0 1 0 0 8.5a4.25 4.25 0 1 0 0-8.5zM6 5.25a.75 .75 0 1 0 0 1.5a.75 .75 0 1 0 0-1.5z',
    filled: false,
  },
  degraded: { path: 'M1.5 6h9', filled: false },
};

/** The shape of a mark: readable without colour, on paper and at 12 px. */
export function statusShape(name: MarkName): Shape {
  return shapes[name];
}
