/** One point of a series that grows. */
interface Point {
  step: number;
  timeUs: number | null;
  value: number;
}

/** Points that stand beside each other; of each stretch only the lowest and the highest is kept. */
interface Stretch {
  /** How many points it stands for. */
  weight: number;
  low: Point;
  high: Point;
  isLowFirst: boolean;
}

/** What is kept of a series: columns of points in their order, and how many there were. */
export interface KeptPoints {
  steps: number[];
  timesUs: (number | null)[];
  values: number[];
  count: number;
}

/**
 * A series of any length in bounded memory: of each stretch its lowest and highest value, and both ends. Stretches get
 * longer as it grows, so that it never keeps more than `most` points; what it draws looks as all of them would.
 */
export class GrowingSeries {
  readonly #most: number;
  #stretches: Stretch[] = [];
  #size = 1;
  #first: Point | undefined;
  #last: Point | undefined;
  #count = 0;

  constructor(most = 2000) {
    this.#most = Math.max(1, Math.floor(most / 2) - 1);
  }

  /** How many points there were. */
  get count(): number {
    return this.#count;
  }

  /** The newest point. */
  get last(): Readonly<Point> | undefined {
    return this.#last;
  }

  /** Takes the next point; `weight` says how many it stands for. */
  push(step: number, timeUs: number | null | undefined, value: number, weight = 1): void {
    const point: Point = { step, timeUs: timeUs ?? null, value };
    this.#first ??= point;
    this.#last = point;
    this.#count += weight;
    const open = this.#stretches.at(-1);
    if (open === undefined || open.weight + weight > this.#size) {
      this.#stretches.push({ weight, low: point, high: point, isLowFirst: true });
      while (this.#stretches.length > this.#most) this.#lengthen();
    } else join(open, { weight, low: point, high: point, isLowFirst: true });
  }

  /** Takes what another one kept, as if its points had been pushed. */
  take({ steps, timesUs, values, count }: KeptPoints): void {
    const weight = values.length === 0 ? 0 : count / values.length;
    for (const [at, value] of values.entries()) this.push(steps[at] ?? at, timesUs[at], value, weight);
    this.#count = Math.round(this.#count);
  }

  /** What is kept, oldest first. */
  kept(): KeptPoints {
    const points = new Set<Point>();
    if (this.#first !== undefined) points.add(this.#first);
    for (const { low, high, isLowFirst } of this.#stretches) {
      points.add(isLowFirst ? low : high);
      points.add(isLowFirst ? high : low);
    }
    if (this.#last !== undefined) {
      points.delete(this.#last);
      points.add(this.#last);
    }
    const all = [...points];
    return {
      steps: all.map(({ step }) => step),
      timesUs: all.map(({ timeUs }) => timeUs),
      values: all.map(({ value }) => value),
      count: this.#count,
    };
  }

  #lengthen(): void {
    this.#size *= 2;
    const longer: Stretch[] = [];
    for (const stretch of this.#stretches) {
      const open = longer.at(-1);
      if (open === undefined || open.weight + stretch.weight > this.#size) longer.push(stretch);
      else join(open, stretch);
    }
    this.#stretches = longer;
  }
}

/** Puts the later stretch into the earlier one. What is no number is neither low nor high; the first stands for its stretch. */
function join(earlier: Stretch, later: Stretch): void {
  const isLower = later.low.value < earlier.low.value || isNone(earlier.low, later.low);
  const isHigher = later.high.value > earlier.high.value || isNone(earlier.high, later.high);
  if (isLower && isHigher) earlier.isLowFirst = later.isLowFirst;
  else if (isLower) earlier.isLowFirst = false;
  else if (isHigher) earlier.isLowFirst = true;
  if (isLower) earlier.low = later.low;
  if (isHigher) earlier.high = later.high;
  earlier.weight += later.weight;
}

function isNone(earlier: Point, later: Point): boolean {
  return Number.isNaN(earlier.value) && !Number.isNaN(later.value);
}
