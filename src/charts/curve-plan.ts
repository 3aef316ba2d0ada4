import { type Course, type CurveAxis, placesOn, type RunClock } from './curve-axis.ts';
import { differenceFrom } from './curve-difference.ts';
import { smoothed } from './curve-smoothing.ts';
import type { CurveChart } from './curve-types.ts';
import { curveChart } from './curves.ts';

/** One line of a chart before anything is chosen: the series of a run, and the clock of that run. */
export interface CurveSource {
  id: string;
  course: Course;
  clock: RunClock;
}

/** How a reader wants to see a chart. */
export interface CurveView {
  axis: CurveAxis;
  window: readonly [number, number] | undefined;
  /** 0 draws the values as they are. */
  smooth: number;
  log: boolean;
  /** The line that all others are held against: they are drawn as how far they lie above it. */
  base: string | undefined;
}

/** A line as it is drawn and read: its places, its values (or differences), and what smoothing makes of them. */
export interface PlannedLine {
  id: string;
  xs: number[];
  values: number[];
  shown: number[];
}

/** A chart ready to be drawn. */
export interface CurvePlan {
  lines: PlannedLine[];
  chart: CurveChart;
  /** Why there is no logarithmic scale here; undefined where there could be one. */
  noLog: string | undefined;
}

/** The view of those who have chosen nothing. */
export const plainView: CurveView = {
  axis: 'step',
  window: undefined,
  smooth: 0,
  log: false,
  base: undefined,
};

/** Works out what a chart shows: where each line runs, smoothed or against another, with its axes. */
export function planCurves(
  sources: readonly CurveSource[],
  view: CurveView,
  size: { width: number; height: number; pixels: number; labelGap?: number },
): CurvePlan {
  const placed = sources.map(({ id, course, clock }) => ({
    id,
    xs: placesOn(view.axis, course, clock),
    values: [...course.values],
  }));
  const base = placed.find(({ id }) => id === view.base);
  const lines = placed.map((line): PlannedLine => {
    const values = base === undefined ? line.values : differenceFrom(base, line);
    return { id: line.id, xs: line.xs, values, shown: smoothed(values, view.smooth) };
  });
  const noLog = reasonAgainstLog(lines, base !== undefined);
  const pale =
    view.smooth > 0 ? lines.map(({ id, xs, values }) => ({ id, steps: xs, values, faint: true })) : [];
  const strong = lines.map(({ id, xs, shown }) => ({ id, steps: xs, values: shown }));
  const chart = curveChart([...pale, ...strong], {
    ...size,
    axis: view.axis,
    window: view.window,
    log: view.log && noLog === undefined,
  });
  return { lines, chart, noLog };
}

function reasonAgainstLog(lines: readonly PlannedLine[], isDifference: boolean): string | undefined {
  if (isDifference) return 'differences';
  const isAnyLow = lines.some(({ values }) => values.some((value) => value <= 0));
  return isAnyLow ? 'values at or below zero' : undefined;
}
