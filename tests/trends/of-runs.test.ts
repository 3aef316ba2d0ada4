import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../collector/runs/record.ts';
import { seriesOfActions } from '../../collector/trends/of-actions.ts';
import { seriesOfField } from '../../collector/trends/of-field.ts';
import { seriesOfRuns } from '../../collector/trends/of-runs.ts';

/** A run with what series are made of. */
function run(key: string, given: Partial<RunRecord> = {}, environment?: Record<string, string>): RunRecord {
  const repos = { repo: { head: `head-of-${key}`, branch: 'main' } };
  return {
    key,
    identifier: 'train',
    status: 'completed',
    statusWord: 'completed',
    statusFrom: 'ledger',
    atUs: 1,
    params: {},
    metrics: { loss: 0.5 },
    directions: {},
    tags: [],
    files: [],
    receipt: environment && { repos, environment },
    ...given,
  } as unknown as RunRecord;
}

const none = { by: [], better: {} };

describe('seriesOfRuns', () => {
  it('has a series for each metric of an identifier, and one for how long runs took', () => {
    const [loss, duration, other] = seriesOfRuns(
      [run('a', { durationMs: 7, tags: ['v1'] }, { processor: 'EPYC' }), run('b', { identifier: 'eval' })],
      none,
    );
    expect(loss).toMatchObject({ key: 'runs/train/loss', direction: { better: 'min', from: 'name' } });
    expect(loss!.points).toEqual([
      {
        atUs: 1,
        value: 0.5,
        id: 'a',
        commit: 'head-of-a',
        branch: 'main',
        tags: ['v1'],
        environment: 'EPYC',
      },
    ]);
    expect(duration).toMatchObject({ key: 'runs/train/duration', unit: 'ms', points: [{ value: 7 }] });
    expect(other).toMatchObject({ key: 'runs/eval/loss', points: [{ id: 'b', environment: '' }] });
  });

  it('leaves out runs that did not end well, and those without a time', () => {
    const runs = [
      run('a', { status: 'failed' }),
      run('b', { status: 'running' }),
      run('c', { atUs: undefined }),
      run('d', { stale: { sinceUs: 1, why: 'gone' } }),
    ];
    expect(seriesOfRuns(runs, none)).toEqual([]);
  });

  it('tells runs apart by parameters that are named', () => {
    const runs = [run('a', { params: { lr: 0.1 } }), run('b', { params: { lr: 0.2 } }), run('c')];
    const keys = seriesOfRuns(runs, { by: ['lr'], better: {} }).map(({ key }) => key);
    expect(keys).toEqual(['runs/train[lr=0.1]/loss', 'runs/train[lr=0.2]/loss', 'runs/train[lr=-]/loss']);
  });

  it('takes what was recorded of a metric, and nothing where runs do not agree', () => {
    const less = run('a', { directions: { loss: 'min' } });
    const more = run('b', { directions: { loss: 'max' } });
    expect(seriesOfRuns([more], none)[0]!.direction).toEqual({ better: 'max', from: 'recorded' });
    expect(seriesOfRuns([less, more], none)[0]!.direction).toBeUndefined();
  });

  it('does not mix a metric called duration with how long a run took', () => {
    const [series] = seriesOfRuns([run('a', { metrics: { duration: 3 }, durationMs: 7000 })], none);
    expect(series!.points.map(({ value }) => value)).toEqual([3]);
    expect(series!.unit).toBeUndefined();
    const without = run('b', { metrics: {}, durationMs: 6000 });
    for (const runs of [[without], []])
      expect(
        seriesOfRuns([...runs, run('a', { metrics: { duration: 3 } }), without], none).map(({ points }) =>
          points.map(({ value }) => value),
        ),
      ).toEqual([[3]]);
  });
});

describe('series of actions and fields', () => {
  it('are durations of those that completed, by CI or machine', () => {
    const action = { type: 'build', status: 'completed', durationMs: 5, atUs: 1, key: 'a', source: {} };
    const actions = [
      { ...action, source: { ci: 'github-actions', host: 'fv-1', commit: 'c', branch: 'main' } },
      { ...action, source: { host: 'h' } },
      { ...action, status: 'failed' },
      { ...action, durationMs: undefined },
    ] as unknown as Parameters<typeof seriesOfActions>[0];
    const [series, ...more] = seriesOfActions(actions, {});
    expect(more).toEqual([]);
    expect(series).toMatchObject({ key: 'actions/build/duration', direction: { better: 'min' } });
    expect(series!.points.map(({ environment }) => environment)).toEqual(['github-actions', 'h']);
    expect(series!.points[0]).toMatchObject({ commit: 'c', branch: 'main' });
  });

  it('are the numbers among the values of a field', () => {
    const values = [1, 'two', undefined, null, 4].map((value, at) => ({ id: `${at}`, atUs: at, value }));
    expect(seriesOfField('a.b', values, { 'a.b': 'max' })).toMatchObject({
      key: 'fields/a.b',
      direction: { better: 'max', from: 'daybook.yaml' },
      points: [{ value: 1 }, { value: 4 }],
    });
  });
});
