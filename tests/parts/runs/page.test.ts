import { describe, expect, it } from 'vitest';
import type { SiteBook } from '../../../src/data/book/types.ts';
import { runPageFacts, varyingNames } from '../../../src/data/runs/page.ts';
import type { EntryVerdict, RunDetails, RunReceipt } from '../../../src/data/runs/types.ts';
import { type Part, textOf } from '../../../src/parts/part.ts';
import { metricTable } from '../../../src/parts/runs/numbers.tsx';
import { runPage } from '../../../src/parts/runs/page.tsx';
import { verdictText } from '../../../src/parts/runs/receipt.tsx';
import { action, builtAtUs } from '../../data/sample-action.ts';
import { sampleBook } from '../../data/sample-book.ts';
import { manyRuns, run, runsOf } from '../../data/sample-runs.ts';

function bookOf(given: Partial<RunDetails> = {}): { book: SiteBook; slug: string } {
  const runs = runsOf(manyRuns(12));
  const slug = runs.views[6]!.slug;
  const book: SiteBook = {
    ...sampleBook('typical'),
    runs: {
      ...runs,
      detailsOf: (one) => (one === slug ? { ...runs.detailsOf(one)!, ...given } : runs.detailsOf(one)),
    },
  };
  return { book, slug };
}

function pageOf(
  given: Partial<RunDetails> = {},
  change: (book: SiteBook) => SiteBook = (book) => book,
): Part[] {
  const { book, slug } = bookOf(given);
  return runPage(runPageFacts(change(book), slug, '../')!);
}

const panels = (page: Part[]) =>
  page
    .flatMap(allOf)
    .filter(({ tag }) => tag === 'h2')
    .map(textOf);
const lead = (page: Part[]) =>
  textOf(page.flatMap(allOf).find(({ attributes }) => attributes['class'] === 'lead')!);

function allOf(one: Part): Part[] {
  return [one, ...one.children.flatMap((child) => (typeof child === 'string' ? [] : allOf(child)))];
}

function hrefs(page: Part[]): string[] {
  return page
    .flatMap(allOf)
    .flatMap(({ attributes }) => (typeof attributes['href'] === 'string' ? [attributes['href']] : []));
}

describe('the page of a run', () => {
  it('calls the last value of a metric its best one only where it is known what is better', () => {
    const points = { steps: [1, 2], timesUs: [null, null], count: 2 };
    const series = [
      { name: 'loss', values: [0.2, 0.5], ...points },
      { name: 'acc', values: [0.4, 0.9], ...points },
    ];
    const table = metricTable(
      { metrics: { loss: 0.5, acc: 0.9, said: 7 }, directions: { acc: 'max' } },
      series,
      ['loss', 'acc', 'said'],
    );
    const rows = allOf(table).filter(({ attributes }) => attributes['data-metric'] !== undefined);
    const cells = rows.map((row) => row.children.slice(1, 3).map((cell) => textOf(cell as Part)));
    expect(cells).toEqual([
      ['–', '0.5'],
      ['0.9', '0.9'],
      ['7', '–'],
    ]);
  });

  it('says where it was resumed, and draws the earlier attempt pale where that is asked for', () => {
    const earlier = { steps: [4, 5, 6], timesUs: [null, null, null], values: [9, 8, 7], count: 3 };
    const counted = { steps: [3, 4, 5], timesUs: [null, null, null], values: [3, 2, 1], count: 3 };
    const series = [{ name: 'loss', count: 3, last: 1, resumed: { by: 'step', at: [4], earlier: 3 } }];
    const page = pageOf({ series }, (book) => ({
      ...book,
      runs: {
        ...book.runs,
        seriesOf: () => [{ name: 'loss', ...counted, resumed: { by: 'step', at: [4], earlier } }],
      },
    }));
    const parts = page.flatMap(allOf);
    const ofClass = (name: string) => parts.filter(({ attributes }) => attributes['class'] === name);
    expect(parts.map(textOf)).toContain(
      'Resumed at step 4. The later attempt counts; 3 points of what was written before are set aside.',
    );
    expect(ofClass('earlier-switch')).toHaveLength(1);
    const lines = (name: string) =>
      ofClass(name)
        .flatMap(allOf)
        .filter(({ tag }) => tag === 'path').length;
    expect([lines('without-earlier'), lines('with-earlier')]).toEqual([1, 2]);
    expect(ofClass('curve curve-earlier')).toHaveLength(1);
  });

  it('says first how it ended', () => {
    const said = (given: Partial<RunDetails>) => lead(pageOf(given));
    expect(said({ status: 'completed', durationMs: 3_600_000 })).toBe('Completed after 1 hour.');
    expect(said({ status: 'failed', durationMs: 60_000, error: 'x' })).toBe('Failed after 1 minute.');
    expect(said({ status: 'failed', durationMs: undefined, error: undefined })).toBe(
      'Failed; no reason is recorded.',
    );
    expect(said({ status: 'running', startedAtUs: builtAtUs - 180_000_000 })).toBe('Running for 3 minutes.');
    expect(said({ status: 'pending' })).toBe('Registered, not started yet.');
    expect(said({ status: 'unknown', statusFrom: 'receipt' })).toBe('No file says how it ended.');
    expect(said({ status: 'unknown', statusFrom: 'ledger', statusWord: 'paused' })).toBe(
      'Its file says “paused”.',
    );
    expect(
      said({
        status: 'running',
        stale: { sinceUs: builtAtUs - 7_200_000_000, why: 'process 4711 on build-1 no longer exists' },
      }),
    ).toBe(
      'It says it runs, but there has been no sign of life for 2 hours: process 4711 on build-1 no longer exists.',
    );
  });

  it('leaves out what is not there', () => {
    expect(panels(pageOf({ history: [], files: [] }))).toEqual([
      'Key metrics',
      'Metrics',
      'Parameters',
      'What produced it',
      'How to repeat it',
      'Source',
    ]);
  });

  it('shows what differs from its siblings first, and folds the rest', () => {
    const panel = pageOf()
      .flatMap(allOf)
      .find(({ attributes }) => attributes['id'] === 'parameters')!;
    const names = panel.children
      .flatMap((child) => (typeof child === 'string' ? [] : allOf(child)))
      .filter(({ tag }) => tag === 'dt')
      .map(textOf);
    expect(names[0]).toBe('lr');
    expect(names.at(-1)).toBe('seed');
    expect(textOf(panel)).toMatch(/\d of \d+ differ among runs of this name/);
  });

  it('lists what the log has under its key, but not under a name that others share', () => {
    const { slug } = bookOf();
    const { key } = bookOf().book.runs.detailsOf(slug)!;
    const page = pageOf({}, (book) => ({
      ...book,
      actions: {
        ...book.actions,
        newest: [action(1, builtAtUs, { run: key }), action(2, builtAtUs, { run: 'another' })],
        runs: [{ value: key, count: 31 }],
      },
    }));
    expect(panels(page)).toContain('Actions');
    expect(hrefs(page)).toContain(`../actions.html?run=${encodeURIComponent(key)}`);
    expect(hrefs(page).filter((href) => href.includes('action='))).toHaveLength(1);
  });

  it('never links to what would run, and never prints an attribute from a record', () => {
    const evil = 'javascript:alert(1)';
    const receipt = receiptOf({
      repos: {
        [evil]: {
          commit: 'a'.repeat(40),
          head: 'b'.repeat(40),
          remote: evil,
          path: evil,
          tree: evil,
          branch: evil,
          isDirty: true,
          include: [],
          exclude: [],
          raw: {},
        },
      },
      previous: [{ name: evil, path: evil, digest: undefined, content: receiptOf({}) }],
    });
    const page = pageOf({
      key: evil,
      name: evil,
      place: evil,
      tags: [evil],
      error: evil,
      description: evil,
      receipt,
    });
    expect(hrefs(page).filter((href) => !/^(\.\.\/|https:\/\/)/.test(href))).toEqual([]);
    for (const one of page.flatMap(allOf)) {
      for (const name of Object.keys(one.attributes))
        expect(name).toMatch(/^(?!on|style|srcdoc)[a-zA-Z][a-zA-Z0-9-]*$/);
    }
  });

  it('is the same text for the same book, so that it need not be rendered again', () => {
    const { book, slug } = bookOf();
    const first = JSON.stringify(runPage(runPageFacts(book, slug, '../')!));
    const later = { ...book, builtAtUs: builtAtUs + 3_600_000_000 };
    expect(JSON.stringify(runPage(runPageFacts(later, slug, '../')!))).toBe(first);
    expect(runPageFacts(book, 'no-such-run', '../')).toBeUndefined();
  });
});

describe('a verdict in words', () => {
  const entry = (state: EntryVerdict['state']): EntryVerdict => ({
    part: 'data',
    name: state,
    state,
    why: undefined,
    files: [],
  });
  it.each([
    [[], 'It names neither code nor data, so there is nothing to check.'],
    [['unchanged'], 'The one thing it names is as it was.'],
    [['unchanged', 'unchanged'], 'Both things it names are as they were.'],
    [['unchanged', 'unchanged', 'unchanged'], 'All three things it names are as they were.'],
    [['moved'], 'The work tree has moved on since; the code that was recorded is still at hand.'],
    [
      ['moved', 'unchanged'],
      'The work tree has moved on since; the code that was recorded is still at hand, and the rest is as it was.',
    ],
    [['moved', 'changed'], 'Of the two things it names, one changed and one has moved on.'],
    [['changed'], 'The one thing it names has changed.'],
    [['missing'], 'The one thing it names is missing.'],
    [['uncheckable'], 'The one thing it names could not be checked.'],
    [['changed', 'changed'], 'Both things it names changed.'],
    [['missing', 'missing', 'missing'], 'All three things it names are missing.'],
    [['uncheckable', 'uncheckable'], 'Neither of the two things it names could be checked.'],
    [['uncheckable', 'uncheckable', 'uncheckable'], 'None of the three things it names could be checked.'],
    [
      ['changed', 'unchanged', 'uncheckable'],
      'Of the three things it names, one changed and one could not be checked.',
    ],
    [
      ['changed', 'changed', 'missing', 'uncheckable'],
      'Of the four things it names, two changed, one is missing and one could not be checked.',
    ],
  ] as [EntryVerdict['state'][], string][])('%j', (states, expected) => {
    expect(verdictText(states.map(entry))).toBe(expected);
  });
});

describe('varying names', () => {
  it('are those with another value or none somewhere, whatever they are called', () => {
    const records = [
      { a: 1, b: 2, c: Number.NaN, ['__proto__']: 1 },
      { a: 1, b: 3, c: Number.NaN },
    ];
    expect([...varyingNames(records)].sort()).toEqual(['__proto__', 'b']);
    expect([...varyingNames([])]).toEqual([]);
    expect(run(3).params).toHaveProperty('seed');
  });
});

function receiptOf(given: Partial<RunReceipt>): RunReceipt {
  return {
    file: 'run.lock',
    generation: 'daybook',
    bytes: 1,
    digest: 'sha256:0',
    exitCode: undefined,
    durationMs: undefined,
    run: undefined,
    caller: undefined,
    shortened: false,
    atUs: builtAtUs,
    zoneless: false,
    config: {},
    repos: {},
    data: {},
    inputs: {},
    previous: [],
    parent: undefined,
    environment: undefined,
    ...given,
  };
}
