import type { CurveAxis } from './curve-axis.ts';

/** One series to draw, in the order of its file. NaN and infinities are gaps. */
export interface Curve {
  id: string;
  steps: readonly number[];
  values: readonly number[];
  /** It stands behind another line, which has the label. */
  faint?: boolean;
}

/** A drawn series; x and y in the units of the size that was asked for. */
export interface CurveLine {
  id: string;
  faint?: true;
  path: string;
  /** Values that stand alone between gaps. */
  dots: { x: number; y: number }[];
  /** The last value there is, and where a label for it has room. */
  end: { x: number; y: number; labelY: number; step: number; value: number } | undefined;
  /** How many values have no place: NaN, infinities and the like, and what is not above zero on a logarithmic scale. */
  missing: number;
}

/** Series over one another, with their axes. */
export interface CurveChart {
  lines: CurveLine[];
  xTicks: { x: number; label: string }[];
  yTicks: { y: number; label: string }[];
  /** Whether the scale is logarithmic; where no value is above zero it cannot be. */
  log: boolean;
  /** What the edges of the box stand for; undefined where nothing can be drawn. */
  domain?: { x: [low: number, high: number]; y: [low: number, high: number] } | undefined;
}

/** What a chart of curves can be asked for. */
export interface CurveSize {
  width: number;
  height: number;
  /** Pixels that the width will have: of each only the extremes are drawn. */
  pixels?: number;
  log?: boolean;
  /** Least distance between the labels at the ends. */
  labelGap?: number;
  /** What the way across means; steps if absent. */
  axis?: CurveAxis;
  /** The stretch of the way across that is drawn; all of it if absent. */
  window?: readonly [number, number] | undefined;
}
