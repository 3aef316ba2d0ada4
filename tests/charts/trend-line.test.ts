import { describe, expect, it } from 'vitest';
import { trendLine } from '../../src/charts/trend-line.ts';

const size = { width: 108, height: 28 };
const source = {
  times: [10, 20, 30, 40, 50],
  values: [1, 1, 1, 2, 2],
  levels: [
    { from: 0, value: 1 },
    { from: 3, value: 2 },
  ],
};

describe('trendLine', () => {
  it('draws values side by side, levels from their first to their last, and the step between', () => {
    const line = trendLine(source, size);
    expect(line.path).toBe('M4 24L29 24L54 24L79 4L104 4');
    expect(line.levels).toEqual([
      { x1: 4, x2: 54, y: 24 },
      { x1: 79, x2: 104, y: 4 },
    ]);
    expect(line.steps).toEqual([{ x: 66.5 }]);
  });

  it('puts a release before the first value behind it, several there together, and none outside', () => {
    const releases = [
      { name: 'new', atUs: 60 },
      { name: 'v2', atUs: 25 },
      { name: 'v1', atUs: 21 },
      { name: 'old', atUs: 5 },
    ];
    expect(trendLine(source, size, releases).releases).toEqual([{ x: 41.5, names: ['v1', 'v2'] }]);
  });

  it('draws equal values in the middle, and one value as a point', () => {
    const flat = { times: [1, 2], values: [7, 7], levels: [{ from: 0, value: 7 }] };
    expect(trendLine(flat, size).path).toBe('M4 14L104 14');
    const one = { times: [1], values: [7], levels: [{ from: 0, value: 7 }] };
    expect(trendLine(one, size)).toMatchObject({
      path: 'M4 14',
      levels: [{ x1: 4, x2: 4, y: 14 }],
      steps: [],
    });
  });
});
