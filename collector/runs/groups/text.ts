import type { Measure } from './measure.ts';

/** Mean and deviation of a group of `n` runs: "0.869 ± 0.078", with "(n=2)" where only two of them have the measure. */
export function meanText(
  measure: Pick<Measure<unknown>, 'n' | 'mean' | 'deviation'>,
  n: number,
  text: (value: number) => string,
): string {
  const { mean, deviation } = measure;
  const spread = deviation === undefined ? '' : ` ± ${text(Number(deviation.toPrecision(2)))}`;
  return `${text(mean)}${spread}${measure.n === n ? '' : ` (n=${measure.n})`}`;
}
