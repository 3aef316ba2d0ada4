/** The value in the middle; the mean of both where two are. Of no values it is not a number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted.length === 0 ? Number.NaN : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}

/** What the median distance from the median is multiplied with, to be the deviation where noise is normal. */
const toDeviation = 1.4826;
/** The same for the mean distance, which says something also where more than half of the values are equal. */
const meanToDeviation = 1.2533;

/** How far values lie from their median, as a standard deviation that a few outliers do not change. */
export function spread(values: readonly number[], around = median(values)): number {
  const distances = values.map((value) => Math.abs(value - around));
  const middle = toDeviation * median(distances);
  if (middle > 0) return middle;
  return (meanToDeviation * distances.reduce((sum, each) => sum + each, 0)) / Math.max(1, values.length);
}

/** Values of which none lies further from the median than `most` deviations: one outlier does not look like a change. */
export function tamed(values: readonly number[], most: number): Float64Array {
  const around = median(values);
  const reach = most * spread(values, around);
  return Float64Array.from(values, (value) => Math.min(around + reach, Math.max(around - reach, value)));
}
