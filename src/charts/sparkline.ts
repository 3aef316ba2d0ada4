import { extent, line, scaleLinear } from 'd3';

/** A line without axes: path data with a gap wherever a value is missing, and a dot for a value that stands alone. */
export interface Sparkline {
  path: string;
  dots: { x: number; y: number }[];
  min: number | undefined;
  max: number | undefined;
}

/** Draws values left to right into a box; NaN is a gap, equal values lie in the middle, none give an empty path. */
export function sparkline(values: number[], size: { width: number; height: number }): Sparkline {
  const [low, high] = extent(values.filter(Number.isFinite));
  if (low === undefined || high === undefined) return { path: '', dots: [], min: undefined, max: undefined };
  const x = scaleLinear([0, Math.max(values.length - 1, 1)], [0, size.width]);
  const y = low === high ? () => size.height / 2 : scaleLinear([low, high], [size.height - 1, 1]);
  const points = values.map((value, index) => ({ value, x: round(x(index)), y: round(y(value)) }));
  const path = line<(typeof points)[number]>()
    .defined(({ value }) => Number.isFinite(value))
    .x((point) => point.x)
    .y((point) => point.y)(points);
  const alone = points.filter(
    ({ value }, index) =>
      Number.isFinite(value) && !Number.isFinite(values[index - 1]) && !Number.isFinite(values[index + 1]),
  );
  return {
    path: path ?? '',
    dots: alone.map(({ x: left, y: top }) => ({ x: left, y: top })),
    min: low,
    max: high,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
