import { line, scaleLinear, scaleLog } from 'd3';
import { formatNumber } from '../../collector/base/format/number.ts';

/** One series to draw, in the order of its file. NaN and infinities are gaps. */
export interface Curve {
  id: string;
  steps: readonly number[];
  values: readonly number[];
}

/** A drawn series; x and y in the units of the size that was asked for. */
export interface CurveLine {
  id: string;
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
}

interface Point {
  step: number;
  value: number;
  x: number;
  y: number;
}

/** Places curves in a box: a line breaks where a value is missing or where steps begin again. */
export function curveChart(curves: readonly Curve[], size: CurveSize): CurveChart {
  const log =
    size.log === true && curves.some(({ values }) => values.some((value) => isFinitePositive(value)));
  const drawable = log ? isFinitePositive : isDrawable;
  const steps = rangeOf(curves, (curve, at) =>
    drawable(curve.values[at]!) && isDrawable(curve.steps[at]!) ? curve.steps[at]! : Number.NaN,
  );
  const values = rangeOf(curves, (curve, at) =>
    drawable(curve.values[at]!) ? curve.values[at]! : Number.NaN,
  );
  if (steps === undefined || values === undefined) {
    const lines = curves.map(({ id, values: all }) => ({
      id,
      path: '',
      dots: [],
      end: undefined,
      missing: all.length,
    }));
    return { lines, xTicks: [], yTicks: [], log };
  }
  const x = scaleLinear(widened(steps), [0, size.width]);
  const y = (
    log ? scaleLog(widenedLog(values), [size.height, 0]) : scaleLinear(widened(values), [size.height, 0])
  ).nice(4);
  const lines = curves.map((curve) => lineOf(curve, drawable, x, y, size));
  spread(lines, size.height, size.labelGap ?? 0);
  return {
    lines,
    xTicks: ticksOf(x.ticks(Math.abs(steps[1]) >= 10_000 ? 3 : 6), steps).map((step) => ({
      x: round(x(step)),
      label: formatNumber(step),
    })),
    yTicks: yTicksOf(y, log).map((value) => ({ y: round(y(value)), label: formatNumber(value, 3) })),
    log,
  };
}

function lineOf(
  curve: Curve,
  drawable: (value: number) => boolean,
  x: (step: number) => number,
  y: (value: number) => number,
  size: CurveSize,
): CurveLine {
  const column = size.width / (size.pixels ?? size.width);
  const strokes: Point[][] = [[]];
  let missing = 0;
  for (let at = 0; at < curve.values.length; at++) {
    const [step, value] = [curve.steps[at] ?? at, withoutDust(curve.values[at]!)];
    const stroke = strokes[strokes.length - 1]!;
    if (!drawable(value) || !isDrawable(step)) {
      missing += 1;
      if (stroke.length > 0) strokes.push([]);
      continue;
    }
    const point = { step, value, x: round(x(step)), y: round(y(value)) };
    const before = stroke[stroke.length - 1];
    if (before !== undefined && step < before.step) strokes.push([point]);
    else stroke.push(point);
  }
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  const last = drawn[drawn.length - 1]?.at(-1);
  const path = line<Point>()
    .x((point) => point.x)
    .y((point) => point.y);
  return {
    id: curve.id,
    path: drawn
      .filter((stroke) => stroke.length > 1)
      .map((stroke) => path(thinned(stroke, column)) ?? '')
      .join(''),
    dots: drawn.filter((stroke) => stroke.length === 1).map(([point]) => ({ x: point!.x, y: point!.y })),
    end: last && { x: last.x, y: last.y, labelY: last.y, step: last.step, value: last.value },
    missing,
  };
}

/** Of all points in one column of pixels the first, the least, the greatest and the last, in their order. */
function thinned(points: Point[], column: number): Point[] {
  const kept: Point[] = [];
  for (let from = 0; from < points.length; ) {
    const place = Math.floor(points[from]!.x / column);
    let to = from + 1;
    let [least, most] = [from, from];
    while (to < points.length && Math.floor(points[to]!.x / column) === place) {
      if (points[to]!.value < points[least]!.value) least = to;
      if (points[to]!.value > points[most]!.value) most = to;
      to += 1;
    }
    const told = [...new Set([from, least, most, to - 1])].sort((a, b) => a - b);
    for (const at of told) kept.push(points[at]!);
    from = to;
  }
  return kept;
}

/** Moves the labels at the ends of lines apart, as little as it takes, within the height. */
function spread(lines: CurveLine[], height: number, gap: number): void {
  const ends = lines.flatMap(({ end }) => (end === undefined ? [] : [end])).sort((a, b) => a.y - b.y);
  let floor = Number.NEGATIVE_INFINITY;
  for (const end of ends) {
    end.labelY = Math.max(end.y, floor + gap);
    floor = end.labelY;
  }
  let ceiling = height;
  for (const end of ends.reverse()) {
    if (end.labelY <= ceiling) break;
    end.labelY = round(ceiling);
    ceiling -= gap;
  }
}

function rangeOf(
  curves: readonly Curve[],
  pick: (curve: Curve, at: number) => number,
): [number, number] | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of curves) {
    for (let at = 0; at < curve.values.length; at++) {
      const value = withoutDust(pick(curve, at));
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least > most ? undefined : [least, most];
}

/** A range of one value gets room around it. */
function widened([least, most]: [number, number]): [number, number] {
  if (least < most) return [least, most];
  const room = least === 0 ? 1 : Math.abs(least) * 0.1;
  return [least - room, most + room];
}

function widenedLog([least, most]: [number, number]): [number, number] {
  return least < most ? [least, most] : [least / 2, most * 2];
}

/** Steps are whole numbers where all are. */
function ticksOf(ticks: number[], [least, most]: [number, number]): number[] {
  const whole = ticks.filter(Number.isInteger);
  const inside = (whole.length >= 2 ? whole : ticks).filter((tick) => tick >= least && tick <= most);
  return inside.length > 0 ? inside : [least];
}

function yTicksOf(y: { ticks(count: number): number[]; domain(): number[] }, log: boolean): number[] {
  const ticks = y.ticks(4);
  if (!log || ticks.length <= 6) return ticks;
  const powers = ticks.filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  const used = powers.length >= 2 ? powers : ticks;
  const every = Math.ceil(used.length / 6);
  return used.filter((_, index) => index % every === 0);
}

/** Numbers whose differences no longer have a place among the numbers cannot be drawn beside others. */
function isDrawable(value: number): boolean {
  return Math.abs(value) < 1e150;
}

/** What is smaller than anything measured is nothing. */
function withoutDust(value: number): number {
  return Math.abs(value) < 1e-150 ? 0 : value;
}

function isFinitePositive(value: number): boolean {
  return value > 1e-150 && isDrawable(value);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
