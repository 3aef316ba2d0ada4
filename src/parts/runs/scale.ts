/** Whether positive values span a hundredfold or more. */
export function spansPowers(values: readonly number[]): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!Number.isFinite(value) || value <= 0) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most >= least * 100;
}
