import { describe, expect, it } from 'vitest';
import type { SiteBook } from '../../../src/data/book/types.ts';
import { notRecorded } from '../../../src/data/browser.ts';
import { attention } from '../../../src/data/overview/attention.ts';
import { headline } from '../../../src/data/overview/headline.ts';
import { overview } from '../../../src/data/overview/overview.ts';
import { chartColumns } from '../../../src/data/runs/chart-columns.ts';
import { printedParallel, printedScatter } from '../../../src/data/runs/charts.ts';
import { runsPageFacts, sameText } from '../../../src/data/runs/list.ts';
import { namedColumns } from '../../../src/data/runs/table.ts';
import { cellText, defaultColumns, tableColumns, valueOfRun } from '../../../src/data/runs/table-columns.ts';
import type { RunColumn, RunView } from '../../../src/data/runs/types.ts';
import { filterExamples, runTitle, statusMark } from '../../../src/data/runs/words.ts';
import { action, builtAtUs } from '../sample-action.ts';
import { sampleBook } from '../sample-book.ts';
import { run, runsOf } from '../sample-runs.ts';

const column = (kind: 'param' | 'metric', name: string, given: Partial<RunColumn> = {}): RunColumn => ({
  kind,
  name,
  type: 'number',
  count: 100,
  distinct: 10,
  same: undefined,
  min: 0,
  max: 1,
  ...given,
});

describe('the page of runs', () => {
  const page = runsPageFacts(sampleBook('experiments'));

  it('says first what failed, what runs, and what shows no sign of life', () => {
    expect(page.facts.map(({ text, newest }) => [text, newest?.name])).toEqual([
      ['6 runs failed', 'run_0004'],
      ['One runs now', 'run_0000'],
      ['1 run says it runs and shows no sign of life', 'run_0001'],
    ]);
    expect(page.facts[0]?.newest?.why).toContain('out of memory');
    expect(page.facts[2]?.href).toBe('runs.html?where=stale');
  });

  it('shows what differs and folds away what is the same everywhere', () => {
    expect(page.columns.map(({ id }) => id)).toEqual([
      'status',
      'started',
      'duration',
      'metric.loss',
      'metric.iou',
      'param.lr',
      'param.batch',
      'param.opt.name',
      'receipt',
      'tags',
    ]);
    expect(page.same.map(({ name, same }) => [name, same])).toEqual([['seed', 42]]);
    expect(sameText(page.same, 60)).toBe('One parameter is the same in all 60 runs');
  });

  it('counts stale runs apart from those that run', () => {
    const counts = new Map(page.facets[0]?.values.map(({ value, count }) => [value, count]));
    expect([counts.get('running'), counts.get('stale')]).toEqual([1, 1]);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(page.rows.length);
  });

  it('tells runs that nothing is recorded of from those with a word of their own', () => {
    const views = [
      run(0, { status: 'unknown', statusWord: notRecorded }),
      run(1, { status: 'unknown', statusWord: 'paused' }),
    ];
    const { facets } = runsPageFacts({ ...sampleBook('experiments'), runs: runsOf(views) });
    expect(facets[0]?.values).toEqual([
      { value: 'not recorded', count: 1 },
      { value: 'unknown', count: 1 },
    ]);
    expect(statusMark('not recorded')).toBe('unknown');
  });

  it('has facets with their counts, and nothing for a book without runs', () => {
    const facets = page.facets.filter(({ values }) => values.length > 0);
    expect(facets.map(({ name, values }) => [name, values.length])).toEqual([
      ['status', 5],
      ['identifier', 2],
      ['tags', 1],
      ['receipt', 2],
    ]);
    const empty = runsPageFacts(sampleBook('empty'));
    expect([empty.facts, empty.rows, empty.compareHref]).toEqual([[], [], undefined]);
  });

  it('survives names that objects inherit', () => {
    const hostile = runsPageFacts(sampleBook('hostile'));
    expect(hostile.rows).toHaveLength(1);
    const [only] = hostile.rows;
    const all = tableColumns(sampleBook('experiments').runs.columns);
    const lr = all.find(({ id }) => id === 'param.lr')!;
    expect(valueOfRun(only!.run, { ...lr, name: 'toString' })).toBeUndefined();
    expect(valueOfRun(only!.run, { ...lr, name: '__proto__' })).toBe(1);
  });
});

describe('columns', () => {
  it('show two metrics at least where there are, of those that do not vary the most frequent', () => {
    const metric = (name: string, count: number, distinct: number) =>
      column('metric', name, { count, distinct });
    const shown = (...columns: RunColumn[]) =>
      defaultColumns(tableColumns(columns), 9).filter((id) => id.startsWith('metric'));
    const same = ['epoch', 'a', 'b', 'c'].map((name, at) => metric(name, name === 'a' ? 1 : 9 - at, 1));
    expect(shown(...same)).toEqual(['metric.b', 'metric.c']);
    expect(shown(...same, metric('d', 9, 9))).toEqual(['metric.b', 'metric.d']);
    expect(shown(metric('d', 9, 9), metric('e', 9, 9), ...same)).toEqual(['metric.d', 'metric.e']);
  });

  it('that few runs have show that there are such, and no more', () => {
    const columns = ['a', 'b', 'c', 'd'].map((name) => column('param', name, { count: 10 }));
    const ids = defaultColumns(tableColumns(columns), 1000);
    expect(ids.filter((id) => id.startsWith('param'))).toEqual(['param.a', 'param.b']);
    expect(defaultColumns(tableColumns(columns), 20).filter((id) => id.startsWith('param'))).toHaveLength(4);
  });

  it('of parameters and metrics with one name are told apart', () => {
    const labels = tableColumns([column('param', 'lr'), column('metric', 'lr')]).map(({ label }) => label);
    expect(labels.slice(-2)).toEqual(['lr', 'lr (parameter)']);
  });

  it('have names that databases keep apart', () => {
    const names = ['lr', 'LR', 'Lr', 'a\u0000b', '__proto__'].map((name) => column('param', name));
    expect(namedColumns(names).map((one) => one.column)).toEqual([
      'param.lr',
      'param.LR~2',
      'param.Lr~3',
      'param.a_b',
      'param.__proto__',
    ]);
  });

  it('show numbers in few digits, also those that a configuration wrote as text', () => {
    const [lr] = tableColumns([column('param', 'lr', { type: 'mixed' })]).slice(-1);
    expect(cellText('0.30000000000000004', lr!)).toBe('0.3');
    expect(cellText('1e-3', lr!)).toBe('0.001');
    expect(cellText('auto', lr!)).toBe('auto');
    expect(cellText(undefined, lr!)).toBe('');
    expect(cellText(Number.NaN, lr!)).toBe('NaN');
  });
});

describe('axes', () => {
  it('are those that the runs with the commonest metric differ in', () => {
    const trained = Array.from({ length: 30 }, (_, at) => ({
      params: { lr: at },
      metrics: { iou: at / 30, loss: 1 - at / 30 },
    }));
    const others = Array.from({ length: 90 }, (_, at) => ({ params: { batch: at }, metrics: {} }));
    const columns = [
      column('param', 'batch', { count: 90, distinct: 90 }),
      column('param', 'lr', { count: 30, distinct: 30 }),
      column('metric', 'iou', { count: 30, distinct: 30 }),
      column('metric', 'loss', { count: 30, distinct: 30 }),
    ];
    expect(chartColumns([...others, ...trained], columns)).toEqual({
      axes: ['param.lr', 'metric.iou', 'metric.loss'],
      x: 'param.lr',
      y: 'metric.iou',
    });
  });

  it('are time and duration where nothing else is known', () => {
    expect(chartColumns([{ params: {}, metrics: {}, durationMs: 5 }], [])).toEqual({
      axes: ['identifier', 'status', 'started', 'duration'],
      x: 'started',
      y: 'duration',
    });
    expect(chartColumns([{ params: {}, metrics: {} }], [])).toEqual({
      axes: ['identifier', 'status', 'started'],
      x: 'started',
      y: 'status',
    });
  });

  it('are printed for two runs, not for one', () => {
    const { runs } = sampleBook('experiments');
    expect(printedParallel(runs, 100)?.lines.map(({ status }) => status)).toContain('failed');
    expect(printedScatter(runs, 100)?.points.length).toBeGreaterThan(50);
    const one = runsOf([run(2)]);
    expect([printedParallel(one, 100), printedScatter(one, 100)]).toEqual([undefined, undefined]);
  });
});

describe('the Overview', () => {
  it('tells of runs that failed lately and of those that are stale', () => {
    const book = sampleBook('experiments');
    const items = attention(book);
    expect(items.map(({ word, title, summary }) => [word, title, summary])).toEqual([
      ['failed', 'run run_0004', expect.stringMatching(/^and \d more of sweep\/lr$/)],
      ['failed', 'run run_0015', expect.stringMatching(/^and \d more of baseline$/)],
      ['differs', '5 receipts', 'data or a previous stage is not what it was'],
      ['stale', 'run run_0001', 'says it runs'],
    ]);
    expect(headline(book, items)).toMatchObject({
      sentence: 'Three runs failed in the last 24 hours.',
      facts: [],
    });
    expect(overview(book).runTiles.map(({ label, value }) => [label, value])).toEqual([
      ['Runs', '60'],
      ['Failed runs', '6'],
      ['Running runs', '1'],
      ['Stale runs', '1'],
    ]);
    expect(overview(book).empty).toBe(false);
  });

  it('tells of a failed run once, not also of the command that it was', () => {
    const base = sampleBook('experiments');
    const [run] = base.runs.failed;
    const failed = action(0, run!.atUs!, { status: 'failed', statusWord: 'failed', type: 'train' });
    const withAction = (key: string): SiteBook => ({
      ...base,
      actions: { ...base.actions, attention: [{ ...failed, run: key }], lastUs: run!.atUs! },
    });
    expect(attention(withAction(run!.key)).map(({ title }) => title)).not.toContain('train');
    expect(attention(withAction('another')).map(({ title }) => title)).toContain('train');
  });

  it('counts a stale run once, not also as a finding', () => {
    const base = sampleBook('experiments');
    const finding = {
      code: 'stale-run',
      severity: 'warning',
      file: 'metadata.json',
      expected: '',
      found: '',
      hint: '',
    } as const;
    expect(attention({ ...base, findings: [finding] })).toHaveLength(attention(base).length);
  });

  it('tells of receipts that are broken, and is calm about those whose code has moved on', () => {
    const items = (...verdicts: RunView['verdict'][]) => {
      const runs = runsOf(verdicts.map((verdict, at) => run(at, { verdict, status: 'completed' })));
      return attention({ ...sampleBook('empty'), runs }).filter(({ word }) => word === 'differs');
    };
    expect(items('matches', 'reproducible', 'unproven')).toEqual([]);
    expect(items('reproducible', 'differs')).toMatchObject([
      { title: 'receipt of run run_0001', href: expect.stringContaining('run') },
    ]);
    expect(items('differs', 'differs')).toMatchObject([
      { title: '2 receipts', href: 'runs.html?receipt=differs' },
    ]);
  });

  it('says how many receipts hold where no run is stale, those whose code has moved on among them', () => {
    const tileOf = (...verdicts: RunView['verdict'][]) => {
      const runs = runsOf(verdicts.map((verdict, at) => run(at, { verdict })));
      return overview({ ...sampleBook('empty'), runs }).runTiles.at(-1);
    };
    expect(tileOf('matches', 'reproducible', 'differs')).toMatchObject({
      label: 'Receipts that hold',
      value: '66.6 %',
      note: '1 broken, 1 match, 1 reproducible',
      tone: 'bad',
      href: 'runs.html?receipt=differs',
    });
    expect(tileOf('matches', 'reproducible')).toMatchObject({
      value: '100 %',
      tone: 'plain',
      href: 'runs.html?receipt=reproducible',
    });
    expect(tileOf('matches', 'unproven')).toMatchObject({ value: '50 %', note: '1 match, 1 not provable' });
  });

  it('takes runs for signs of recording', () => {
    const old = { ...sampleBook('empty'), runs: runsOf([run(0, { atUs: builtAtUs - 40 * 86_400e6 })]) };
    expect(headline(old, []).sentence).toBe('Silent for 40 days.');
  });
});

describe('words', () => {
  it('call a run by its name, or by its whole place where the name is but a number', () => {
    expect(runTitle({ name: 'run_0031', identifier: 'results/train', key: 'results/train/run_0031' })).toBe(
      'run_0031',
    );
    expect(runTitle({ name: '4', identifier: 'results/eval', key: 'results/eval/4' })).toBe('results/eval/4');
    expect(runTitle({ name: '000', identifier: 'train', key: 'pycaddy:train/grid/lr-1e3/000' })).toBe(
      'train/grid/lr-1e3/000',
    );
  });

  it('give examples of conditions with the names of this book', () => {
    const about = { min: 0, max: 0.9 };
    expect(filterExamples({ name: 'val iou', about }, { name: 'lr', about })).toEqual([
      'status = failed',
      '"val iou" < 0.45 AND status = completed',
      'lr > 0.45 OR NOT (status = failed)',
    ]);
    const more = { ...about, direction: 'max' } as const;
    expect(filterExamples({ name: 'acc', about: more }, undefined)[1]).toBe(
      'acc > 0.45 AND status = completed',
    );
  });
});
