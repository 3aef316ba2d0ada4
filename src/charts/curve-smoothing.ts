/** Strongest smoothing there is: with 1 nothing of the values would be left. */
export const mostSmoothing = 0.99;

/**
 * Exponential smoothing: each value is `weight` of what came before and the rest of itself. The beginning is not pulled
 * towards zero (the weights always sum to one). What is no number stays what it is and leaves no trace behind it.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  if (!(weight > 0)) return [...values];
  const share = Math.min(weight, mostSmoothing);
  let [sum, weights] = [0, 0];
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    sum = share * sum + (1 - share) * value;
    weights = share * weights + (1 - share);
    return sum / weights;
  });
}
