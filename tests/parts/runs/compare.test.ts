import { describe, expect, it } from 'vitest';
import {
  type ComparedRun,
  compareRuns,
  defaultComparison,
  letterOf,
} from '../../../src/data/runs/compare.ts';
import type { RunDetails } from '../../../src/data/runs/types.ts';
import { type Part, textOf } from '../../../src/parts/part.ts';
import { compareRunsPart, comparisonText } from '../../../src/parts/runs/compare.tsx';
import { manyRuns, run, runsOf } from '../../data/sample-runs.ts';

function compared(...given: Partial<RunDetails>[]): ComparedRun[] {
  const runs = runsOf(manyRuns(20));
  return given.map((change, at) => {
    const details = runs.detailsOf(runs.views[at + 6]!.slug)!;
    return { run: { ...details, params: { lr: 0.1 }, metrics: {}, tags: [], ...change }, series: [] };
  });
}

const rowsOf = (runs: ComparedRun[], title: string) =>
  compareRuns(runs).find((section) => section.title === title)?.rows ?? [];
const words = (runs: ComparedRun[]) =>
  rowsOf(runs, 'Metrics').map(({ name, values }) => [name, ...values.map((value) => value?.word ?? '')]);

describe('a comparison', () => {
  it('tells what differs from what is the same, and a missing value from a recorded nothing', () => {
    const runs = compared({ params: { lr: 0.1, seed: 1, note: null } }, { params: { lr: 0.1, seed: 2 } });
    expect(
      rowsOf(runs, 'Parameters').map(({ name, differs, values }) => [
        name,
        differs,
        ...values.map((value) => value?.text),
      ]),
    ).toEqual([
      ['lr', false, '0.1', '0.1'],
      ['note', true, 'null', undefined],
      ['seed', true, '1', '2'],
    ]);
    expect(comparisonText(compareRuns(runs))).toBe('Two parameters differ.');
  });

  it('shows the fields of runs where they belong, and the commit once', () => {
    const error = 'out of memory\nat train.py';
    const runs = compared(
      { more: { commit: 'abc', reason: error } },
      { more: { commit: 'abd' }, tags: ['b', 'a'] },
    );
    const texts = (title: string) =>
      rowsOf(runs, title).map(({ name, values }) => [name, ...values.map((value) => value?.text)]);
    expect(texts('Code')).toEqual([['commit', 'abc', 'abd']]);
    expect(texts('Outcome').map(([name]) => name)).toEqual([
      'status',
      'started',
      'duration',
      'tags',
      'reason',
    ]);
    expect(texts('Outcome').slice(-2)).toEqual([
      ['tags', undefined, 'a, b'],
      ['reason', error, undefined],
    ]);
    const repository = { head: 'abc', include: [], exclude: [], raw: {} };
    const receipt = { repos: { main: repository } } as unknown as RunDetails['receipt'];
    const recorded = compared({ more: { commit: 'abc' }, receipt }, { more: { commit: 'abc' }, receipt });
    expect(rowsOf(recorded, 'Code').map(({ name }) => name)).toEqual(['main: commit']);
  });

  it('marks the value that is likely the best, as the name of the metric says which that is', () => {
    const runs = compared(
      { metrics: { loss: 0.3, iou: 0.5, lr: 0.1, odd: Number.NaN } },
      { metrics: { loss: 0.2, iou: 0.6, lr: 0.2, odd: 1 } },
      { metrics: { loss: 0.2, iou: Number.NaN, lr: 0.2 } },
    );
    expect(words(runs)).toEqual([
      ['loss', '', 'likely best', 'likely best'],
      ['iou', '', 'likely best', ''],
      ['lr', 'lowest', '', ''],
      ['odd', '', '', ''],
    ]);
    expect(words(compared({ metrics: { loss: 1 } }, { metrics: { loss: 1 } }))).toEqual([['loss', '', '']]);
  });

  it('calls no value of a failed, aborted or stale run the best, but where only such are compared', () => {
    const stale = { sinceUs: 0, why: 'gone' };
    const given = (status: RunDetails['status']) => [
      { metrics: { loss: 0.3 }, status: 'completed' as const },
      { metrics: { loss: 0.1 }, status },
      { metrics: { loss: 0.2 }, status: 'completed' as const },
    ];
    for (const status of ['failed', 'aborted'] as const)
      expect(words(compared(...given(status)))).toEqual([['loss', '', '', 'likely best']]);
    expect(
      words(compared({ metrics: { loss: 0.1 }, status: 'running', stale }, ...given('completed'))),
    ).toEqual([['loss', '', '', 'likely best', '']]);
    const failed = given('failed').map((each) => ({ ...each, status: 'failed' as const }));
    expect(words(compared(...failed))).toEqual([['loss', '', 'likely best', '']]);
  });

  it('marks the best value as it was recorded what is better, whatever the name says', () => {
    const directions = { loss: 'max', odd: 'min' } as const;
    const runs = compared(
      { metrics: { loss: 0.3, odd: 1, iou: 1 }, directions },
      { metrics: { loss: 0.2, odd: 2, iou: 2 }, directions: { iou: 'max' } },
    );
    expect(words(runs)).toEqual([
      ['loss', 'best', ''],
      ['odd', 'best', ''],
      ['iou', '', 'best'],
    ]);
    const against = compared(
      { metrics: { loss: 0.3 }, directions },
      { metrics: { loss: 0.2 }, directions: { loss: 'min' } },
    );
    expect(words(against)).toEqual([['loss', '', 'likely best']]);
  });

  it('compares numbers by value, also those that JSON does not have', () => {
    const runs = compared({ metrics: { a: Number.NaN } }, { metrics: { a: Number.NaN } });
    expect(rowsOf(runs, 'Metrics')[0]?.differs).toBe(false);
  });

  it('shortens digests but not numbers, and keeps the whole', () => {
    const runs = compared(
      { params: { digest: 'f'.repeat(39) + 1, big: '1'.repeat(30) } },
      { params: { digest: 'e'.repeat(40), big: '2' } },
    );
    const [big, digest] = rowsOf(runs, 'Parameters');
    expect(big?.values[0]?.text).toBe('1'.repeat(30));
    expect(digest?.values[0]).toMatchObject({ text: 'f'.repeat(12), whole: `${'f'.repeat(39)}1` });
  });

  it('shows only what differs, and says how much is not shown', () => {
    const given = {
      compared: compared({}, { params: { lr: 0.2 } }),
      hrefOf: (slug: string) => slug,
      live: false,
    };
    const text = (all: boolean) =>
      compareRunsPart({ ...given, all })
        .map(textOf)
        .join(' ');
    expect(text(false)).toContain('not shown');
    expect(text(true)).not.toContain('not shown');
    expect(text(false)).toContain('lr');
  });

  it('is the newest runs of a name that has several of them with curves', () => {
    const views = [
      run(0, { identifier: 'alone' }),
      ...[1, 2, 3, 4, 5, 6].map((at) => run(at, { identifier: 'family' })),
    ];
    expect(defaultComparison(runsOf(views))).toEqual([1, 2, 3, 4].map((at) => run(at).slug));
    expect(defaultComparison(runsOf([]))).toEqual([]);
    expect(defaultComparison(runsOf([run(1)]))).toEqual([run(1).slug]);
    expect(letterOf(0) + letterOf(11)).toBe('AL');
  });

  it('is printed without a place for markup', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const parts = compareRunsPart({
      compared: compared({ name: evil, params: { [evil]: evil, ['__proto__']: evil } }, { params: {} }),
      hrefOf: () => 'x',
      all: true,
      live: true,
    });
    const tags = new Set(parts.flatMap(allOf).map(({ tag }) => tag));
    expect(tags.has('img')).toBe(false);
    expect(parts.map(textOf).join('')).toContain('onerror');
    expect(parts.map(textOf).join('')).toContain('__proto__');
  });

  it('says of each metric how far it is from that of the first run', () => {
    const runs = compared(
      { metrics: { loss: 0.2, gap: 0 } },
      { metrics: { loss: 0.17, gap: 1 } },
      { metrics: {} },
    );
    expect(rowsOf(runs, 'Metrics').map(({ values }) => values.map((value) => value?.share))).toEqual([
      [undefined, '−15 %', undefined],
      [undefined, undefined, undefined],
    ]);
  });
});

function allOf(one: Part): Part[] {
  return [one, ...one.children.flatMap((child) => (typeof child === 'string' ? [] : allOf(child)))];
}
