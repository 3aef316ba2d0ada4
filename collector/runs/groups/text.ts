import type { Measure } from './measure.ts';

/**
 * Mean and deviation of a group of `n` runs: "0.869 ± 0.078", with "(n=2)" where only two of them have the measure. The mean
 * has the digits that the deviation leaves certain.
 */
export function meanText(
  measure: Pick<Measure<unknown>, 'n' | 'mean' | 'deviation'>,
  n: number,
  text: (value: number) => string,
): string {
  const { mean, deviation } = measure;
  const spread = deviation === undefined ? '' : ` ± ${text(Number(deviation.toPrecision(2)))}`;
  return `${text(deviation === undefined ? mean : asFarAs(deviation, mean))}${spread}${measure.n === n ? '' : ` (n=${measure.n})`}`;
}

/** Rounds to the place of the second digit of the deviation; whole where that lies before the point. */
function asFarAs(deviation: number, mean: number): number {
  if (!(deviation > 0 && Number.isFinite(deviation))) return mean;
  const places = 1 - Math.floor(Math.log10(deviation));
  return places > 15 ? mean : Number(mean.toFixed(Math.max(0, places)));
}
