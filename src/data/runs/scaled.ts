/** Numbers as whole ones: each is one of `units` divided by ten to the power of `scale`, and exactly so. */
export interface Scaled {
  scale: number;
  /** NaN for what is no finite number, and for the zero below zero, which no whole number is. */
  units: Float64Array;
}

/** Powers of ten that a double holds, and fewer digits behind the point than would be chance. */
const powers = Array.from({ length: 16 }, (_, scale) => 10 ** scale);
/** Differences of these are whole numbers in a double, too. */
const mostUnits = 2 ** 50;

/** The number that so many units are: the quotient is rounded once, as a text with these digits is when it is read. */
export function numberOfUnits(units: number, scale: number): number {
  return units / powers[scale]!;
}

/**
 * Numbers from one place on and before another as whole ones, with as few digits behind the point as give every one of
 * them back; undefined where none do, because they were never written with so few.
 */
export function scaledNumbers(values: ArrayLike<number>, from = 0, to = values.length): Scaled | undefined {
  const scale = scaleOf(values, from, to);
  if (scale === undefined) return undefined;
  const power = powers[scale]!;
  const units = new Float64Array(to - from);
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    const number = hasUnits(value) ? unitsOf(value, power) : Number.NaN;
    if (number === undefined) return undefined;
    units[at - from] = number;
  }
  return { scale, units };
}

function scaleOf(values: ArrayLike<number>, from: number, to: number): number | undefined {
  let scale = 0;
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    if (!hasUnits(value)) continue;
    while (unitsOf(value, powers[scale]!) === undefined) {
      scale += 1;
      if (scale === powers.length) return undefined;
    }
  }
  return scale;
}

function hasUnits(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function unitsOf(value: number, power: number): number | undefined {
  const units = Math.round(value * power);
  return units / power === value && units > -mostUnits && units < mostUnits ? units : undefined;
}
