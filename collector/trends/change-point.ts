import { Random } from './random.ts';
import { tamed } from './robust.ts';

/** A place at which a series becomes another. */
export interface ChangePoint {
  /** The first value that belongs to what came then. */
  at: number;
  /** How often noise alone looks at least as much like a change, at most `falseAlarms`. */
  p: number;
}

/** What counts as a change. */
export interface ChangeOptions {
  /** So many values at least lie on both sides of it. */
  confirmations: number;
  /** How often noise alone may be taken for a change. */
  falseAlarms?: number;
  /** How often the values are put into another order to find out. */
  orders?: number;
}

/** Below 1 % by as much as the number of orders leaves room for. */
export const mostFalseAlarms = 0.0095;
const usualOrders = 1999;
/** What lies further from its neighbours is an outlier. */
const mostDeviations = 5;
/**
 * The place at which a series most likely changed; undefined where the same values in another order look as much like a change,
 * more often than the given share: then it may be noise. (docs/trends.md names whose methods these are.)
 */
export function changePoint(
  values: readonly number[],
  { confirmations, falseAlarms = mostFalseAlarms, orders = usualOrders }: ChangeOptions,
): ChangePoint | undefined {
  const anyOrder = tamed(values, mostDeviations);
  const scan = new Scan(anyOrder, Math.max(1, confirmations));
  const { score, at } = scan.best(anyOrder);
  if (!(score > 0)) return undefined;
  // Sums of the same values in another order may differ in their last digits.
  const asMuch = score * (1 - 1e-9);
  const most = Math.floor(falseAlarms * (orders + 1)) - 1;
  const random = new Random(seedOf(anyOrder));
  let reached = 0;
  for (let order = 0; order < orders; order++) {
    random.shuffle(anyOrder);
    if (scan.best(anyOrder).score >= asMuch && ++reached > most) return undefined;
  }
  return { at, p: (reached + 1) / (orders + 1) };
}

/** The same for the same values, and another for others, so that chance does not favour all series alike. */
function seedOf(values: Float64Array): number {
  const words = new Uint32Array(values.buffer);
  return words.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193), 0x811c9dc5);
}

/**
 * How much splits count by their place: with 0 as in a t-test at each of them, with more those in the middle count more. Few
 * values tell of a change in the middle or of none, unless it is a large one; many tell of one near the end.
 */
const weightOf = (count: number) => 40 / count;

/** Looks for the split at which the means of both sides differ most, for how much the values of each side differ among themselves. */
class Scan {
  readonly #least: number;
  readonly #mean: number;
  /** Sum of the squares of all, the same in any order. */
  readonly #all: number;
  readonly #shares: Float64Array;
  readonly #weights: Float64Array;

  constructor(values: Float64Array, least: number) {
    const count = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    this.#least = least;
    this.#mean = mean;
    this.#all = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    this.#shares = Float64Array.from({ length: count }, (_, at) => (at * (count - at)) / count);
    this.#weights = this.#shares.map((share) => (share / count) ** weightOf(count));
  }

  best(values: Float64Array): { score: number; at: number } {
    const all = this.#all;
    let [sum, score, best] = [0, 0, 0];
    for (let at = 1; at <= values.length - this.#least && all > 0; at++) {
      sum += values[at - 1]! - this.#mean;
      if (at < this.#least) continue;
      const between = sum ** 2 / this.#shares[at]!;
      // Levels without any noise would divide by nothing.
      const here = (this.#weights[at]! * between) / Math.max(all - between, all * 1e-9);
      if (here > score) [score, best] = [here, at];
    }
    return { score, at: best };
  }
}
