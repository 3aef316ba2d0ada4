import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFieldNamed } from '../../../collector/runs/fields.ts';
import { type FilterSubject, matchesRun } from '../../../collector/runs/filter/match.ts';
import { parseRunFilter } from '../../../collector/runs/filter/parse.ts';
import type { RunFilter } from '../../../collector/runs/filter/tree.ts';

type Row = Extract<FilterSubject, { more: unknown }>;

const subject = (fields: Partial<Row> = {}): Row => ({
  key: 'results/train/run_0003',
  name: 'run_0003',
  identifier: 'results/train',
  status: 'failed',
  statusWord: 'error',
  tags: ['best', 'épuré'],
  startedAtUs: Date.UTC(2025, 6, 21, 10, 37, 27) * 1000,
  durationMs: 90_000,
  stale: undefined,
  more: { reason: 'out of memory' },
  params: { lr: 0.01, name: 'sgd', 'opt.name': 'adam', padded: '1e-3', flag: true, nothing: null },
  metrics: { iou: 0.9, loss: Number.NaN, lr: 5, 'AVG- AUC var': 0.7 },
  ...fields,
});

function holds(text: string, run: FilterSubject = subject()): boolean {
  const { filter, problem } = parseRunFilter(text);
  if (filter === undefined) throw new Error(problem.message);
  return matchesRun(filter, run);
}

describe('a condition on runs', () => {
  it.each([
    'lr < 0.1',
    'lr = 1e-2',
    'params.lr=0.01',
    'metrics.lr = 5',
    'lr<0.1 AND status = failed',
    'status = error',
    'STATUS_ = 1 OR status != completed',
    'tag = best and NOT tag=worst',
    'tag ~ BES',
    'not (tag = worst) AND (iou > 0.5 or lr > 1)',
    'padded = 0.001',
    'padded < 0.01',
    'flag = True',
    'nothing = null',
    'loss = NaN',
    '"AVG- AUC var" >= 0.7',
    'params."opt.name" = adam',
    'opt.name = "adam"',
    "name ~ '_0003'",
    'started = 2025-07',
    'started > 2025-07-20 AND started < 2025-07-22',
    'started >= "2025-07-21 10:37" AND started <= 2025-07-21',
    'started = 2025-07-21T12:37:27+02:00',
    'duration > 1min',
    'duration <= 1.5 min AND duration = 90',
    'NOT stale',
    'stale = false',
    'tags = best AND NOT tags = worst',
    'took > 1 min AND took = 90',
    'error ~ memory AND reason = "out of memory"',
    '',
    '  ',
  ])('%s holds', (text) => expect(holds(text)).toBe(true));

  it.each([
    'lr > 0.1',
    'iou < 0.9',
    'loss < 1',
    'loss > 1',
    'loss = 1',
    'missing = 1',
    'missing < 1',
    'missing > 1',
    'missing ~ 1',
    'name < 5',
    'padded = "0.001"',
    'started > 2025-07-21',
    'stale',
    'tag = Worst',
    'status = completed OR lr = 1 AND tag = best',
  ])('%s does not hold', (text) => expect(holds(text)).toBe(false));

  it('takes the metric where a number is asked for and the parameter of that name is a text', () => {
    const run = subject({ params: { loss: 'dice' }, metrics: { loss: 0.2 } });
    expect(holds('loss < 0.3', run)).toBe(true);
    expect(holds('loss = dice', run)).toBe(true);
    expect(holds('params.loss < 0.3', run)).toBe(false);
  });

  it('takes AND before OR, and parentheses before both', () => {
    expect(holds('status = failed OR lr = 1 AND tag = none')).toBe(true);
    expect(holds('(status = failed OR lr = 1) AND tag = none')).toBe(false);
  });

  it('sees stale runs by whatever says so', () => {
    expect(holds('stale', subject({ stale: { sinceUs: 1, why: 'gone' } }))).toBe(true);
    expect(holds('stale', subject({ stale: null }))).toBe(false);
  });

  it('looks at what a run has itself, never at what every object has', () => {
    expect(holds('constructor ~ a')).toBe(false);
    expect(holds('__proto__ = null')).toBe(false);
    expect(holds('toString != x')).toBe(true);
  });

  it.each([
    ['lr <', 4, 'a value'],
    ['lr < 1 lr', 7, 'AND, OR or the end'],
    ['(lr < 1', 7, 'AND, OR or ")"'],
    ['lr < 1)', 6, 'AND, OR or the end'],
    ['status failed', 7, 'one of ='],
    ['AND lr = 1', 0, 'a field'],
    ['lr = "a', 5, 'a value'],
    ['NOT', 3, 'a field'],
  ])('%s is refused where it is wrong', (text, at, expected) => {
    const { problem } = parseRunFilter(text);
    expect(problem?.at).toBe(at);
    expect(problem?.expected).toContain(expected);
  });

  it('names the field that was probably meant', () => {
    const names = ['learning_rate', 'iou'];
    expect(parseRunFilter('lerning_rate < 1', names).problem?.near).toBe('learning_rate');
    expect(parseRunFilter('metrics.iuo < 1', names).problem?.near).toBe('metrics.iou');
    expect(parseRunFilter('sttus = failed', names).problem?.message).toMatchInlineSnapshot(
      `"Expected a field of these runs at character 1, found "sttus"; did you mean status?"`,
    );
    expect(parseRunFilter('metrics.iou < 1 AND status = failed', names).problem).toBeUndefined();
  });

  it('leaves an alias to a metric of that name, and takes it for the field elsewhere', () => {
    expect(parseRunFilter('error < 1', ['error']).filter).toMatchObject({ name: 'error', field: undefined });
    expect(parseRunFilter('error ~ x', ['iou']).filter).toMatchObject({ name: 'reason' });
    expect(parseRunFilter('tag = x', ['tag']).filter).toMatchObject({ name: 'tags' });
  });

  it('refuses nesting without end', () => {
    expect(parseRunFilter(`${'('.repeat(5000)}lr=1`).problem?.expected).toContain('levels');
    expect(parseRunFilter('NOT '.repeat(5000)).problem?.expected).toContain('levels');
  });
});

const word = fc.constantFrom(
  'lr',
  'iou',
  'loss',
  'status',
  'tags',
  'started',
  'duration',
  'stale',
  'missing',
  'name',
);
const comparison: fc.Arbitrary<RunFilter> = fc
  .record({
    kind: fc.constant('compare' as const),
    word,
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '~'),
    value: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.double().map(String),
      fc.constantFrom('2025-07', 'failed', 'best'),
    ),
    quoted: fc.constant(true),
  })
  .map(({ word: name, ...rest }) => ({ ...rest, name, field: runFieldNamed(name) }));
const { filter: anyFilter } = fc.letrec<{ filter: RunFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** The condition as text: every term in parentheses, every word in quotes. */
function textOf(filter: RunFilter): string {
  if (filter.kind === 'all') return '';
  if (filter.kind === 'not') return `NOT (${textOf(filter.term)})`;
  if (filter.kind === 'compare') return `${filter.name} ${filter.operator} ${quoted(filter.value)}`;
  return filter.terms.map((term) => `(${textOf(term)})`).join(` ${filter.kind} `);
}

/** Control characters become "?": only a quote and a backslash can be written with a backslash. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/\\(?:(["\\])|[nrtbf]|u....)/g, (whole, kept) =>
    kept === undefined ? '?' : whole,
  );
}

describe('every condition', () => {
  it('is understood as what was written', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const text = textOf(filter);
        const again = parseRunFilter(text).filter;
        expect(again).toBeDefined();
        expect(textOf(again!)).toBe(text);
      }),
    );
  });

  it('holds or does not, and its opposite the other way round', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const run = subject();
        expect(matchesRun({ kind: 'not', term: filter }, run)).toBe(!matchesRun(filter, run));
      }),
    );
  });

  it('says the opposite with != and with NOT', () => {
    fc.assert(
      fc.property(comparison, (each) => {
        if (each.kind !== 'compare') return;
        const equal = matchesRun({ ...each, operator: '=' }, subject());
        expect(matchesRun({ ...each, operator: '!=' }, subject())).toBe(!equal);
      }),
    );
  });

  it('is either understood or refused at a place within it, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom('(', ')', '"', ' ', '=', '<', 'a', 'NOT ', 'AND ', '\\') }),
        ),
        (text) => {
          const { filter, problem } = parseRunFilter(text);
          expect(filter === undefined).toBe(problem !== undefined);
          if (problem !== undefined) expect(problem.at >= 0 && problem.at <= text.length).toBe(true);
        },
      ),
    );
  });
});
