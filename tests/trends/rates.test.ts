import { describe, expect, it } from 'vitest';
import { recordedSeries } from '../../bench/trends/noise.ts';
import { measures, type Rate } from '../../bench/trends/rates.ts';

const share = ({ told, series }: Rate) => told / series;

describe('how often a trend is told', () => {
  it('is at most 1 of 100 where nothing has changed and noise is normal', () => {
    expect(share(measures.normal(2000))).toBeLessThanOrEqual(0.01);
  });

  it('is at most 1 of 100 where nothing has changed and noise is that of real benchmarks, outliers and all', () => {
    expect(recordedSeries().length).toBe(447);
    expect(share(measures.recorded(2000))).toBeLessThanOrEqual(0.01);
    expect(share(measures.inOrder())).toBeLessThanOrEqual(0.01);
  });

  it('is at least 4 of 5 for a step of 10 % in the middle of 20 points with noise of 5 %, and less near the end', () => {
    const [middle, nearEnd] = [share(measures.step(1000, 10)), share(measures.step(500, 3))];
    expect(middle).toBeGreaterThanOrEqual(0.8);
    expect(nearEnd).toBeLessThan(middle / 2);
  });

  it('sees a step of 10 % less often where an outlier is among the points, and in 3 of 10 cases at least', () => {
    const hidden = share(measures.outliers(500, 1));
    expect(hidden).toBeGreaterThanOrEqual(0.3);
    expect(hidden).toBeLessThan(share(measures.step(500, 10)));
  });

  it('breaks a budget without a reason in at most 1 of 100 cases, and mostly where the newest value is 30 % worse', () => {
    expect(share(measures.budget(2000, 0))).toBeLessThanOrEqual(0.01);
    expect(share(measures.budget(500, 0.3))).toBeGreaterThanOrEqual(0.9);
  });
});
