import { line } from 'd3';
import type { Curve, CurveLine, CurveSize } from './curve-types.ts';

interface Point {
  step: number;
  value: number;
  x: number;
  y: number;
}

/** Draws one series with the scales of its chart. */
export function lineOf(
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
    ...(curve.faint === true ? { faint: true } : {}),
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

/** Numbers whose differences no longer have a place among the numbers cannot be drawn beside others. */
export function isDrawable(value: number): boolean {
  return Math.abs(value) < 1e150;
}

/** What is smaller than anything measured is nothing. */
export function withoutDust(value: number): number {
  return Math.abs(value) < 1e-150 ? 0 : value;
}

/** Whether a number has a place on a logarithmic scale. */
export function isFinitePositive(value: number): boolean {
  return value > 1e-150 && isDrawable(value);
}

/** Places to the hundredth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
