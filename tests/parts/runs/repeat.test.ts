import { describe, expect, it } from 'vitest';
import { runPageFacts } from '../../../src/data/runs/page.ts';
import type { RunDetails, RunReceipt } from '../../../src/data/runs/types.ts';
import { type Part, textOf } from '../../../src/parts/part.ts';
import { runRepeat } from '../../../src/parts/runs/repeat.tsx';
import { builtAtUs } from '../../data/sample-action.ts';
import { sampleBook } from '../../data/sample-book.ts';
import { manyRuns, runsOf } from '../../data/sample-runs.ts';

const runs = runsOf(manyRuns(12));
const slug = runs.views[6]!.slug;

function panelOf(given: Partial<RunDetails>): Part {
  const detailsOf = (one: string) => ({ ...runs.detailsOf(one)!, experiment: undefined, ...given });
  const book = { ...sampleBook('typical'), runs: { ...runs, detailsOf } };
  return runRepeat(runPageFacts(book, slug, '../')!);
}

function receipt(given: Partial<RunReceipt> = {}): RunReceipt {
  const code = {
    commit: 'a',
    tree: 'b',
    isDirty: false,
    path: '.',
    branch: undefined,
    remote: undefined,
    head: undefined,
  };
  return {
    file: 'run.lock',
    generation: 'daybook',
    bytes: 1,
    digest: 'sha256:0',
    exitCode: 0,
    durationMs: 1,
    run: undefined,
    caller: undefined,
    shortened: false,
    atUs: builtAtUs,
    zoneless: false,
    config: {},
    repos: { code: { ...code, include: [], exclude: [], raw: {} } },
    data: {},
    inputs: {},
    previous: [],
    parent: undefined,
    environment: { command: ['python', 'train.py'] },
    ...given,
  };
}

const allOf = (one: Part): Part[] => [
  one,
  ...one.children.flatMap((child) => (typeof child === 'string' ? [] : allOf(child))),
];
const commandIn = (panel: Part) => textOf(allOf(panel).find(({ tag }) => tag === 'code')!);
const listIn = (panel: Part) =>
  allOf(panel)
    .filter(({ tag }) => tag === 'li')
    .map(textOf);

describe('how to repeat a run', () => {
  it('is one command, quoted where a shell would take the key for something else', () => {
    expect(commandIn(panelOf({ key: 'runs/a', receipt: receipt() }))).toBe('daybook rerun runs/a');
    expect(commandIn(panelOf({ key: "it's a", receipt: receipt() }))).toBe("daybook rerun 'it'\\''s a'");
  });

  it.each([
    ['Neither its code nor its command is recorded.', undefined],
    ['Its receipt has no command.', receipt({ environment: {} })],
    ['Its code is not recorded.', receipt({ repos: {} })],
    [
      'Its command held a secret, which is not recorded.',
      receipt({ environment: { command: ['a', '‹masked: token›'] } }),
    ],
  ])('says what is needed: %s', (text, given) => {
    const panel = panelOf({ receipt: given });
    expect(textOf(panel)).toContain(text);
    expect(commandIn(panel)).toContain('daybook exec <type> --lock --repo .');
  });

  it('tells of a rerun what it repeats and why it came to its verdict', () => {
    const reasons = Array.from({ length: 9 }, (_, at) => `reason ${at}.`);
    const rerun = { of: 'runs/a', verdict: 'different', reasons } as const;
    const parents = [{ key: 'runs/a', name: 'a', kind: 'rerun', path: 'runs/a' } as const];
    const given = { receipt: receipt({ rerun: { ...rerun, reasons } }), parents };
    const panel = panelOf({ ...given, parentSlugs: ['runs-a'] });
    expect(textOf(panel)).toContain('It repeats runs/a: different.');
    expect(allOf(panel).some(({ attributes }) => String(attributes['href']).includes('runs-a'))).toBe(true);
    expect(listIn(panel)).toHaveLength(7);
    expect(listIn(panel).at(-1)).toBe('and 3 more reasons in the receipt');
    expect(textOf(panelOf({ ...given, parentSlugs: [null] }))).toContain('It repeats runs/a: different.');
  });

  it('tells of the first run what its reruns came to', () => {
    const reruns = (['same', 'different', 'same', undefined] as const).map((verdict, at) => ({
      key: `runs/a_rerun_${at}`,
      slug: `runs-a_rerun_${at}`,
      verdict,
    }));
    const panel = panelOf({ receipt: receipt(), reruns });
    expect(textOf(panel)).toContain('Repeated four times: same, different, no verdict.');
    expect(listIn(panel)[1]).toBe('differentruns/a_rerun_1');
    expect(textOf(panelOf({ receipt: receipt(), reruns: reruns.slice(0, 1) }))).toContain(
      'Repeated once: same.',
    );
  });
});
