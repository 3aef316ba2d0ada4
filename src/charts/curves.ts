import { scaleLinear, scaleLog } from 'd3';
import { cutTo } from './curve-reading.ts';
import { isDrawable, isFinitePositive, lineOf, round, withoutDust } from './curve-strokes.ts';
import { tickLabels, xTicksOf, yTicksOf } from './curve-ticks.ts';
import type { Curve, CurveChart, CurveLine, CurveSize } from './curve-types.ts';

export type { Curve, CurveChart, CurveLine, CurveSize } from './curve-types.ts';

/** Places curves in a box: a line breaks where a value is missing or where steps begin again. */
export function curveChart(all: readonly Curve[], size: CurveSize): CurveChart {
  const { window } = size;
  const curves = window === undefined ? all : all.map((curve) => cut(curve, window));
  const log =
    size.log === true && curves.some(({ values }) => values.some((value) => isFinitePositive(value)));
  const drawable = log ? isFinitePositive : isDrawable;
  const steps = rangeOf(curves, (curve, at) =>
    drawable(curve.values[at]!) && isDrawable(curve.steps[at]!) ? curve.steps[at]! : Number.NaN,
  );
  const values = rangeOf(curves, (curve, at) =>
    drawable(curve.values[at]!) && isDrawable(curve.steps[at] ?? at) ? curve.values[at]! : Number.NaN,
  );
  if (steps === undefined || values === undefined) {
    const lines = all.map(({ id, values: { length } }) => ({
      id,
      path: '',
      dots: [],
      end: undefined,
      missing: length,
    }));
    return { lines, xTicks: [], yTicks: [], log };
  }
  const across: [number, number] = window === undefined ? widened(steps) : [window[0], window[1]];
  const x = scaleLinear(across, [0, size.width]);
  const y = (
    log ? scaleLog(widenedLog(values), [size.height, 0]) : scaleLinear(widened(values), [size.height, 0])
  ).nice(4);
  const lines = curves.map((curve) => lineOf(curve, drawable, x, y, size));
  spread(lines, size.height, size.labelGap ?? 0);
  const [low, high] = y.domain();
  const yTicks = yTicksOf(y, log);
  const labels = tickLabels(yTicks);
  return {
    lines,
    xTicks: xTicksOf(x, size.axis ?? 'step', window === undefined ? steps : across),
    yTicks: yTicks.map((value, at) => ({ y: round(y(value)), label: labels[at]! })),
    log,
    domain: { x: across, y: [low!, high!] },
  };
}

/** Where a value stands in a box of this height, as the chart of this domain draws it. */
export function heightOf(
  value: number,
  { domain, log }: Pick<CurveChart, 'domain' | 'log'>,
  height: number,
): number | undefined {
  if (domain === undefined || !Number.isFinite(value) || (log && value <= 0)) return undefined;
  const [low, high] = domain.y;
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return round(height * (1 - share));
}

function cut({ steps, values, ...rest }: Curve, window: readonly [number, number]): Curve {
  const inside = cutTo({ xs: values.map((_, at) => steps[at] ?? at), values }, window);
  return { ...rest, steps: inside.xs, values: inside.values };
}

/** Moves the labels at the ends of lines apart, as little as it takes, within the height. */
function spread(lines: CurveLine[], height: number, gap: number): void {
  const ends = lines
    .flatMap(({ end, faint }) => (end === undefined || faint === true ? [] : [end]))
    .sort((a, b) => a.y - b.y);
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
