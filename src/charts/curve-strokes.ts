import type { Curve, CurveLine, CurveSize } from './curve-types.ts';

/** The points of a series that have a place, column by column, and where each unbroken stroke of them begins. */
interface Placed {
  steps: number[];
  values: number[];
  xs: number[];
  ys: number[];
  strokes: number[];
  missing: number;
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
  const placed = placedPoints(curve, drawable, x, y);
  const { steps, values, xs, ys, strokes, missing } = placed;
  const last = xs.length - 1;
  const dots: CurveLine['dots'] = [];
  let path = '';
  for (const [at, from] of strokes.entries()) {
    const end = strokes[at + 1] ?? xs.length;
    if (end - from > 1) path += pathOf(placed, from, end, column);
    else if (end > from) dots.push({ x: xs[from]!, y: ys[from]! });
  }
  return {
    id: curve.id,
    ...(curve.faint === true ? { faint: true } : {}),
    path,
    dots,
    end:
      last < 0
        ? undefined
        : { x: xs[last]!, y: ys[last]!, labelY: ys[last]!, step: steps[last]!, value: values[last]! },
    missing,
  };
}

function placedPoints(
  curve: Curve,
  drawable: (value: number) => boolean,
  x: (step: number) => number,
  y: (value: number) => number,
): Placed {
  const placed: Placed = { steps: [], values: [], xs: [], ys: [], strokes: [], missing: 0 };
  const { steps, values, xs, ys, strokes } = placed;
  let isBroken = true;
  for (let at = 0; at < curve.values.length; at++) {
    const [step, value] = [curve.steps[at] ?? at, withoutDust(curve.values[at]!)];
    if (!drawable(value) || !isDrawable(step)) {
      placed.missing += 1;
      isBroken = true;
      continue;
    }
    if (isBroken || step < steps[steps.length - 1]!) strokes.push(xs.length);
    isBroken = false;
    steps.push(step);
    values.push(value);
    xs.push(round(x(step)));
    ys.push(round(y(value)));
  }
  return placed;
}

/** Of all points in one column of pixels the first, the least, the greatest and the last, in their order. */
function pathOf({ values, xs, ys }: Placed, first: number, end: number, column: number): string {
  let path = '';
  for (let from = first; from < end; ) {
    const place = Math.floor(xs[from]! / column);
    let to = from + 1;
    let [least, most] = [from, from];
    while (to < end && Math.floor(xs[to]! / column) === place) {
      if (values[to]! < values[least]!) least = to;
      if (values[to]! > values[most]!) most = to;
      to += 1;
    }
    let told = -1;
    for (const at of [from, Math.min(least, most), Math.max(least, most), to - 1]) {
      if (at > told) path += `${path === '' ? 'M' : 'L'}${xs[at]},${ys[at]}`;
      told = Math.max(told, at);
    }
    from = to;
  }
  return path;
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
