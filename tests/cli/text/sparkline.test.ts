import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../collector/cli/text/sparkline.ts';

const points = (...values: (number | string | undefined)[]) =>
  values.map((value, at) => ({ atUs: at * 60e6, value }));

describe('a line of values', () => {
  it('draws numbers as blocks between the least and the most', () => {
    expect(sparkline(points(0, 1, 2, 3, 4, 5, 6, 7), 20)).toEqual({
      line: '▁▂▃▄▅▆▇█',
      legend: ['▁ 0', '█ 7'],
    });
    expect(sparkline(points(5, 5, 5), 20)).toEqual({ line: '▅▅▅', legend: ['5'] });
  });

  it('takes the mean of a stretch, and leaves silence empty', () => {
    expect(sparkline(points(0, 2, 8, 8), 2)?.line).toBe('▂█');
    const silent = [...points(1, 1), { atUs: 600e6, value: 2 }];
    expect(sparkline(silent, 3)?.line).toBe('▁ █');
  });

  it('draws states as letters of their own', () => {
    expect(sparkline(points('stable', 'stable', 'slow', undefined, 'down'), 20)).toEqual({
      line: 'sslod'.replace('o', '·'),
      legend: ['s stable', 'l slow', 'd down', '· not there'],
    });
    const rare = points(...Array.from({ length: 40 }, (_, at) => (at === 17 ? 'failed' : 'up')));
    expect(sparkline(rare, 4)?.line).toBe('ufuu');
    expect(sparkline(points('a\u001b[2J', 'b'), 20)?.legend[0]).toBe('a a\\e[2J');
  });

  it('draws nothing where there is nothing to see', () => {
    expect(sparkline([], 20)).toBeUndefined();
    expect(sparkline(points(...Array.from({ length: 30 }, (_, at) => `time ${at}`)), 20)).toBeUndefined();
  });
});
