import type { BudgetRule } from '../../collector/formats/config/budgets.ts';
import { holdBudget } from '../../collector/trends/budget.ts';
import { Random } from '../../collector/trends/random.ts';
import type { TrendSeries } from '../../collector/trends/series.ts';
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
  /** The same step with ten points behind it, and so many points anywhere that are ten times as high. */
  outliers: (count: number, outliers: number) =>
    rate(count, (random) => {
      const values = normalSeries(random, 0.05, { at: 10, by: 0.1 });
      const places = values.map((_, at) => at);
      random.shuffle(places);
      for (const at of places.slice(0, outliers)) values[at]! *= 10;
      return values;
    }),
  /** A rule of 5 % against the 20 points before: how often it breaks where the newest of 21 points is higher by a share. */
  budget: (count: number, by: number) =>
    rate(
      count,
      (random) => normalSeries(random, 0.05, { at: 20, by }, 21),
      (series) => holdBudget(rule, { ...series, direction: less }, () => true)[0]?.state === 'broken',
    ),
};

const less = { better: 'min', from: 'name' } as const;
const rule: BudgetRule = {
  name: undefined,
  subject: 'metric',
  of: 'series',
  regression: 0.05,
  base: { kind: 'window', points: 20 },
  required: false,
};
const recorded = recordedSeries();

function rate(
  count: number,
  valuesOf: (random: Random, at: number) => number[],
  isTold = (series: TrendSeries) => judge(series).verdict === 'changed',
): Rate {
  const random = new Random(20);
  let told = 0;
  for (let at = 0; at < count; at++) {
    const points = valuesOf(random, at).map((value, place) => ({
      atUs: place,
      value,
      id: `${place}`,
      environment: '',
    }));
    if (isTold({ key: 'series', kind: 'runs', name: 'series', direction: undefined, points })) told += 1;
  }
  return { series: count, told };
}
