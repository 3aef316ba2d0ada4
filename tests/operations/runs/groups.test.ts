import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestRuns } from '../../../collector/operations/runs/best.ts';
import { groupRuns } from '../../../collector/operations/runs/groups.ts';
import type { RunRecord, Scalar } from '../../../collector/runs/record.ts';

/** What groups and orders look at of a run. */
function record(at: number, given: Partial<RunRecord>): RunRecord {
  const bare = {
    key: `runs/${at}`,
    name: String(at),
    identifier: 'runs',
    status: 'completed',
    statusWord: 'done',
  };
  const empty = { params: {}, metrics: {}, directions: {}, tags: [], series: [], artifacts: [], files: [] };
  return { ...bare, ...empty, atUs: at, stale: undefined, ...given } as unknown as RunRecord;
}

const runs = (...given: Partial<RunRecord>[]) => given.map((each, at) => record(at, each));
const lr = (value: Scalar, acc: number, seed = 0) => ({ params: { lr: value, seed }, metrics: { acc } });

describe('groups of runs', () => {
  it('gather seeds, with mean, sample deviation and the best', () => {
    const { groups, by } = groupRuns(runs(lr(0.1, 0.5, 1), lr(0.1, 0.7, 2), lr(0.2, 0.9, 1)), ['lr']);
    expect(by).toEqual(['lr']);
    expect(groups.map(({ values, n }) => [values['lr'], n])).toEqual([
      [0.1, 2],
      [0.2, 1],
    ]);
    const [two, one] = groups.map(({ measures }) => measures['acc']!);
    expect(two).toMatchObject({ n: 2, best: { value: 0.7, run: 'runs/1' } });
    expect(two!.mean).toBeCloseTo(0.6, 12);
    expect(two!.deviation).toBeCloseTo(Math.SQRT2 / 10, 12);
    // Of one run alone there is no deviation.
    expect(one).toMatchObject({ n: 1, mean: 0.9, deviation: undefined });
  });

  it('leave out what has no result, and count what has no finite number apart', () => {
    const given = runs(
      lr(0.1, 0.5),
      { ...lr(0.1, 0.9), status: 'failed' },
      { ...lr(0.1, 0.9), status: 'running' },
      lr(0.1, Number.NaN),
      lr(0.1, Number.POSITIVE_INFINITY),
    );
    const found = groupRuns(given, ['lr']);
    expect(found.leftOut).toBe(2);
    expect(found.groups).toMatchObject([{ n: 3, measures: { acc: { n: 1, mean: 0.5 } } }]);
    expect(groupRuns(given, ['lr'], { withFailed: true }).groups[0]!.n).toBe(5);
  });

  it('count in each group what has no result, also where nothing else is in it', () => {
    const given = runs(
      lr(0.1, 0.5),
      { ...lr(0.1, 0.9), status: 'failed' },
      { ...lr(0.2, 0.9), status: 'running', stale: { sinceUs: 0, why: '' } },
    );
    const found = groupRuns(given, ['lr'], { sort: '-acc' });
    expect(found.groups.map(({ values, n, leftOut }) => [values['lr'], n, leftOut])).toEqual([
      [0.1, 1, 1],
      [0.2, 0, 1],
    ]);
    expect(found.groups[1]!.measures).toEqual({});
    const [first, second] = groupRuns(given, ['lr'], { withFailed: true }).groups;
    expect([first!.leftOut, second!.leftOut, second!.n]).toEqual([0, 0, 1]);
  });

  it('keep runs without a value apart and last, and tell texts from numbers', () => {
    const { groups } = groupRuns(runs({ metrics: { acc: 1 } }, lr('0.1', 0.2), lr(0.1, 0.3), lr(null, 0.4)), [
      'lr',
    ]);
    expect(groups.map(({ values, n }) => [values['lr'] ?? null, n])).toEqual([
      [0.1, 1],
      ['0.1', 1],
      [null, 2],
    ]);
  });

  it('are in the order asked for, by a mean or a value', () => {
    const given = runs(lr(0.1, 0.5), lr(0.2, 0.9), lr(0.3, 0.7));
    const order = (sort: string) =>
      groupRuns(given, ['lr'], { sort }).groups.map(({ values }) => values['lr']);
    expect(order('-acc')).toEqual([0.2, 0.3, 0.1]);
    expect(order('acc')).toEqual([0.1, 0.3, 0.2]);
    expect(order('-lr')).toEqual([0.3, 0.2, 0.1]);
    expect(() => order('seed')).toThrow(/"seed" gives groups no order/);
    expect(groupRuns(given, ['lr'], { limit: 1 })).toMatchObject({ total: 3, groups: [{ n: 1 }] });
  });

  it('refuse names that no run has, and measures that are no numbers', () => {
    expect(() => groupRuns(runs(lr(0.1, 0.5)), ['lrr'])).toThrow(/--group-by "lrr" is no field/);
    expect(() => groupRuns(runs({ params: { opt: 'sgd' } }), ['opt'], { measures: ['opt'] })).toThrow(
      /no number/,
    );
    expect(() => groupRuns(runs(lr(0.1, 0.5)), [])).toThrow(/at least one name/);
  });

  it('hold every run once, whatever the values, and means lie between least and most', () => {
    const value = fc.oneof(fc.constantFrom<Scalar>(0.1, '0.1', 'a,b', '', null, true), fc.double());
    const one = fc.record({
      lr: value,
      model: value,
      acc: fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), (given) => {
        const all = runs(
          ...given.map((each) => ({
            params: { lr: each.lr, model: each.model },
            metrics: { acc: each.acc },
          })),
        );
        if (all.length === 0) return;
        const { groups } = groupRuns(all, ['lr', 'model'], { measures: ['acc'] });
        expect(groups.flatMap(({ runs: keys }) => keys).sort()).toEqual(all.map(({ key }) => key).sort());
        for (const { n, runs: keys, measures } of groups) {
          expect(n).toBe(keys.length);
          const { mean, least, most, deviation } = measures['acc']!;
          const slack = 1e-9 * Math.max(Math.abs(least), Math.abs(most));
          expect(mean).toBeGreaterThanOrEqual(least - slack);
          expect(mean).toBeLessThanOrEqual(most + slack);
          if (least === most && n > 1) expect(deviation).toBe(0);
        }
      }),
    );
  });
});

describe('the best runs', () => {
  const best = (given: RunRecord[], metric = 'gap', choice = {}) => {
    const found = bestRuns(given, metric, choice);
    return [found.runs.map(({ name }) => name).join(''), found.direction, found.directionFrom];
  };
  const gap = (value: number, more: Partial<RunRecord> = {}) => ({ metrics: { gap: value }, ...more });

  it('are by the direction asked for, else the recorded one, else what the name says', () => {
    const recorded = runs(gap(2, { directions: { gap: 'min' } }), gap(1), gap(3));
    expect(best(recorded)).toEqual(['102', 'min', 'recorded']);
    expect(best(recorded, 'gap', { direction: 'max' })).toEqual(['201', 'max', 'asked']);
    expect(best(runs(lr(1, 0.5), lr(1, 0.7)), 'metrics.acc')).toEqual(['10', 'max', 'name']);
  });

  it('have to be told what is better where nothing says it, or runs do not agree', () => {
    expect(() => best(runs(gap(1)))).toThrow(/Nothing says whether less or more of "gap" is better/);
    const disputed = (name: string) =>
      runs(
        { metrics: { [name]: 1 }, directions: { [name]: 'min' } },
        { metrics: { [name]: 2 }, directions: { [name]: 'max' } },
      );
    expect(() => best(disputed('gap'))).toThrow(/others that more is/);
    // What runs have recorded counts more than a name.
    expect(() => best(disputed('acc'), 'acc')).toThrow(/others that more is/);
  });

  it('are none that failed, stopped or still go on, unless asked for', () => {
    const given = runs(
      gap(0, { status: 'failed' }),
      gap(1, { status: 'aborted' }),
      gap(2, { status: 'running' }),
      gap(3, { status: 'running', stale: { sinceUs: 0, why: '' } }),
      gap(4, { status: 'pending' }),
      gap(5),
      gap(6, { status: 'unknown' }),
      gap(Number.NaN),
      gap(Number.NEGATIVE_INFINITY),
    );
    expect(bestRuns(given, 'gap', { direction: 'min' }).leftOut).toBe(5);
    expect(best(given, 'gap', { direction: 'min' })[0]).toBe('56');
    expect(best(given, 'gap', { direction: 'min', withFailed: true })[0]).toBe('0123456');
    expect(best(given, 'gap', { direction: 'min', withFailed: true, limit: 2, where: 'gap > 0' })[0]).toBe(
      '12',
    );
  });

  it('refuse a name that is no metric', () => {
    expect(() => best(runs(lr(0.1, 0.5)), 'lr')).toThrow(/is a parameter of these runs, and no metric/);
    expect(() => best(runs(lr(0.1, 0.5)), 'quality')).toThrow(/is no metric of these runs/);
  });
});
