import { describe, expect, it } from 'vitest';
import { RunCurves } from '../../../src/client/live/run-curves.ts';
import { liveMetrics } from '../../../src/data/runs/live.ts';

const points = (from: number, values: number[]) => ({
  steps: values.map((_, at) => from + at),
  timesUs: values.map(() => null),
  values,
  count: values.length,
});

const message = (series: object[]) => JSON.stringify({ run: 'a', series });

/** The curves after some messages, as the stream of events tells them. */
function heard(...messages: ['whole' | 'points', object[]][]): RunCurves {
  const curves = new RunCurves();
  for (const [kind, series] of messages) {
    if (kind === 'whole') curves.clear();
    for (const one of liveMetrics(kind, message(series))) curves.take(one);
  }
  return curves;
}

describe('the curves of a run that goes on', () => {
  it('are the whole and what was appended to it, those that are new included', () => {
    const curves = heard(
      ['whole', [{ name: 'loss', ...points(0, [3, 2]) }]],
      ['points', [{ name: 'loss', ...points(2, [1]), total: 3 }]],
      ['points', [{ name: 'acc', ...points(2, [0.5]), total: 1 }]],
    );
    expect(curves.all()).toMatchObject([
      { name: 'loss', steps: [0, 1, 2], values: [3, 2, 1], count: 3 },
      { name: 'acc', steps: [2], values: [0.5], count: 1 },
    ]);
  });

  it('count the points that came at once and were thinned', () => {
    const curves = heard(
      ['whole', [{ name: 'loss', ...points(0, [3, 2]), count: 1000 }]],
      ['points', [{ name: 'loss', ...points(1000, [5, 1]), total: 1500 }]],
    );
    expect(curves.all()[0]!.count).toBe(1500);
  });

  it('have numbers that JSON has no sign for', () => {
    const values = ['NaN', 'Infinity', '-Infinity', 0] as unknown as number[];
    expect(heard(['whole', [{ name: 'loss', ...points(0, values) }]]).all()[0]!.values).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
    ]);
  });

  it('begin anew with the next whole, and are the same object until there is more of them', () => {
    const curves = heard(
      [
        'whole',
        [
          { name: 'loss', ...points(0, [3, 2]) },
          { name: 'gone', ...points(0, [1]) },
        ],
      ],
      ['whole', [{ name: 'loss', ...points(7, [9]) }]],
    );
    expect(curves.all()).toMatchObject([{ name: 'loss', steps: [7], values: [9] }]);
    const [before] = curves.all();
    expect(curves.all()[0]).toBe(before);
    for (const one of liveMetrics('points', message([{ name: 'loss', ...points(8, [8]), total: 2 }])))
      curves.take(one);
    expect(curves.all()[0]).toMatchObject({ steps: [7, 8], count: 2 });
  });
});
