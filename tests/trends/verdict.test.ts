import { describe, expect, it } from 'vitest';
import { Random } from '../../collector/trends/random.ts';
import { stepText, trendSentence } from '../../collector/trends/sentence.ts';
import { comparablePoints, type TrendSeries } from '../../collector/trends/series.ts';
import { judge, usualRules, worstFirst } from '../../collector/trends/verdict.ts';

const less = { better: 'min', from: 'name' } as const;
const day = 86_400_000_000;

function series(values: readonly number[], more: Partial<TrendSeries> = {}): TrendSeries {
  const points = values.map((value, at) => ({
    atUs: 1_767_225_600_000_000 + at * day,
    value,
    id: `run_${at}`,
    commit: `${at}`.padStart(40, 'c'),
    environment: 'a',
  }));
  return { key: 'runs/train/val_loss', kind: 'runs', name: 'val_loss', direction: less, points, ...more };
}

function noisy(count: number, level: number, seed = 1): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => level * (1 + 0.02 * random.normal()));
}

const step = [...noisy(12, 1), ...noisy(8, 1.2, 2)];

describe('judge', () => {
  it('says worse, better or changed by what is better', () => {
    expect(judge(series(step)).verdict).toBe('worse');
    expect(judge(series(step, { direction: { better: 'max', from: 'name' } })).verdict).toBe('better');
    expect(judge(series(step, { direction: undefined })).verdict).toBe('changed');
    expect(judge(series(noisy(20, 1))).verdict).toBe('no change');
  });

  it('says how much, since when, and how sure that is', () => {
    const trend = judge(series(step));
    expect(trend.steps).toHaveLength(1);
    expect(trend.steps[0]).toMatchObject({
      at: 12,
      before: expect.closeTo(1, 1),
      after: expect.closeTo(1.2, 1),
    });
    expect(trend.steps[0]!.ratio).toBeCloseTo(0.2, 1);
    expect(trend.noise).toBeLessThan(0.04);
    expect(trendSentence(trend)).toMatch(
      /^1\.\d+ → 1\.\d+ \(\+\d+ %\) since 2026-01-13 00:00:00 \(run_12, commit ccccccc\): 12 before, 8 since in noise of [\d.]+ %; less is better, as its name says\.$/,
    );
  });

  it('asks for ten points, and says how many there are', () => {
    const trend = judge(series(noisy(9, 1)));
    expect(trend).toMatchObject({ verdict: 'not enough data', steps: [], level: expect.closeTo(1, 1) });
    expect(trendSentence(trend)).toBe(
      '9 points of one environment; 10 are needed to tell a change from chance.',
    );
    expect(judge(series([])).verdict).toBe('not enough data');
  });

  it('leaves small steps aside, and finds the last of several', () => {
    const small = [...noisy(40, 1), ...noisy(40, 1.03, 2)];
    expect(judge(series(small)).verdict).toBe('no change');
    expect(judge(series(small), { ...usualRules, smallest: 0.02 }).verdict).toBe('worse');
    const there = judge(series([...noisy(20, 1), ...noisy(20, 1.5, 2), ...noisy(20, 1, 3)]));
    expect(there.steps.map(({ at }) => at)).toEqual([20, 40]);
    expect(there.verdict).toBe('better');
  });

  it('says what would have been seen, and that equal values are equal', () => {
    expect(trendSentence(judge(series(noisy(20, 1))))).toMatch(
      /^20 points without a step that is more than chance; a step of \d(\.\d)? % in the middle would have been seen four times out of five\.$/,
    );
    expect(trendSentence(judge(series(noisy(20, 1).map(() => 5))))).toContain('all are equal or nearly so');
  });

  it('has a word for steps from 0 and signs for the others', () => {
    const zero = judge(series([...noisy(10, 1).map(() => 0), ...noisy(10, 1)]));
    expect(stepText(zero.steps[0]!)).toBe('from 0');
    expect([stepText({ ratio: 0.123 }), stepText({ ratio: -0.0123 })]).toEqual(['+12 %', '−1.2 %']);
  });

  it('orders the worst first, larger steps before smaller ones', () => {
    const keyed = (key: string, values: number[], direction: TrendSeries['direction'] = less) =>
      judge(series(values, { key, direction }));
    const more = { better: 'max', from: 'name' } as const;
    const trends = [
      keyed('few', noisy(3, 1)),
      keyed('same', noisy(20, 1)),
      keyed('good', step, more),
      keyed('bad', step),
      keyed('worst', [...noisy(12, 1), ...noisy(8, 3, 2)]),
    ];
    expect(trends.sort(worstFirst).map(({ key }) => key)).toEqual(['worst', 'bad', 'good', 'same', 'few']);
  });
});

describe('comparablePoints', () => {
  it('takes those of the environment of the newest, in order, and counts the others', () => {
    const { points } = series([1, 2, 3, 4, Number.NaN]);
    points[1]!.environment = 'b';
    const taken = comparablePoints({ points: [...points].reverse() }, 2);
    expect(taken.points.map(({ value }) => value)).toEqual([3, 4]);
    expect(taken).toMatchObject({ environment: 'a', otherEnvironments: 1, older: 1 });
    const trend = judge(series(noisy(12, 1)), { ...usualRules, window: 10 });
    expect(trendSentence(trend)).toContain('Left out: 2 older points.');
  });
});
