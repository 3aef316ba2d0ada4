import type { Placed } from './curve-reading.ts';

/** How far a line lies above another at each of its points; NaN where the other has nothing to hold it against. */
export function differenceFrom(base: Placed, line: Placed): number[] {
  const order = sorted(base);
  return line.xs.map((x, at) => line.values[at]! - valueAt(order, x));
}

/** The value of a line at a place: that of its point there, else between its two neighbours. */
function valueAt({ xs, values }: Placed, x: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    // The last of several points at one place: the later attempt counts.
    if (xs[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return Number.NaN;
  const before = low - 1;
  if (xs[before] === x) return values[before]!;
  if (low === xs.length) return Number.NaN;
  const share = (x - xs[before]!) / (xs[low]! - xs[before]!);
  return values[before]! + share * (values[low]! - values[before]!);
}

function sorted({ xs, values }: Placed): Placed {
  const order = xs.map((_, at) => at).filter((at) => Number.isFinite(xs[at]!));
  order.sort((a, b) => xs[a]! - xs[b]! || a - b);
  return { xs: order.map((at) => xs[at]!), values: order.map((at) => values[at]!) };
}
