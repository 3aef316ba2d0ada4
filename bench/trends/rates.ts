import { Random } from '../../collector/trends/random.ts';
import { judge } from '../../collector/trends/verdict.ts';
import { inAnyOrder, normalSeries, recordedSeries, residuals } from './noise.ts';

/** Of how many series how many were said to have changed. */
export interface Rate {
  series: number;
  told: number;
}

/** What is measured, each with the rules that hold where daybook.yaml says nothing. */
export const measures = {
  /** Nothing has changed: noise of the normal distribution, 5 %. */
  normal: (count: number) => rate(count, (random) => normalSeries(random, 0.05)),
  /** Nothing has changed: recorded noise, the values of each piece in another order. */
  recorded: (count: number) =>
    rate(count, (random, at) => inAnyOrder(recorded[at % recorded.length]!, random)),
  /** Nothing has changed: recorded noise in its own order, without what is slower than eleven values. */
  inOrder: () => rate(recorded.length, (_, at) => residuals(recorded[at]!)),
  /** The recorded pieces as they are; nobody knows in how many something has changed. */
  asRecorded: () => rate(recorded.length, (_, at) => recorded[at]!),
  /** A step of 10 % in noise of 5 %: so many points are behind it. */
  step: (count: number, behind: number) =>
    rate(count, (random) => normalSeries(random, 0.05, { at: 20 - behind, by: 0.1 })),
};

const recorded = recordedSeries();

function rate(count: number, valuesOf: (random: Random, at: number) => number[]): Rate {
  const random = new Random(20);
  let told = 0;
  for (let at = 0; at < count; at++) {
    const points = valuesOf(random, at).map((value, place) => ({
      atUs: place,
      value,
      id: `${place}`,
      environment: '',
    }));
    const { verdict } = judge({ key: 'series', kind: 'runs', direction: undefined, points });
    if (verdict === 'changed') told += 1;
  }
  return { series: count, told };
}
