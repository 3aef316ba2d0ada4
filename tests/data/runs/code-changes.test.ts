import { describe, expect, it } from 'vitest';
import { type CodeChange, codeChange, codeKey, commitChange } from '../../../src/data/runs/code-changes.ts';
import { compareRuns } from '../../../src/data/runs/compare.ts';
import { loadCodeChanges, loadCommitChanges } from '../../../src/data/runs/load-code.ts';
import type { ReceiptRepository, RunReceipt } from '../../../src/data/runs/types.ts';
import { textOf } from '../../../src/parts/part.ts';
import { compareRunsPart, comparisonText } from '../../../src/parts/runs/compare.tsx';
import { manyRuns, runsOf } from '../sample-runs.ts';

const change: CodeChange = {
  count: 2,
  files: [
    { path: 'train.py', change: 'changed', lines: '+3 −1' },
    { path: 'new.py', change: 'added', lines: '+9 −0' },
  ],
};

function repository(tree: string, path = '.'): ReceiptRepository {
  return {
    tree,
    path,
    commit: 'c',
    isDirty: false,
    branch: undefined,
    remote: undefined,
    head: undefined,
    include: [],
    exclude: [],
    raw: {},
  };
}

/** A book whose runs have these trees, newest first. */
function runsWith(repositories: ReceiptRepository[]) {
  const runs = runsOf(manyRuns(repositories.length));
  return {
    ...runs,
    hasReceipt: () => true,
    detailsOf: (slug: string) => ({
      ...runs.detailsOf(slug)!,
      receipt: {
        repos: { main: repositories[runs.views.findIndex((view) => view.slug === slug)]! },
        data: {},
        inputs: {},
      } as unknown as RunReceipt,
    }),
  };
}

describe('what changed in code', () => {
  it('is nothing where trees differ in what is recorded alone', () => {
    const runs = runsWith([repository('a'), repository('b')]);
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    const rowOf = (known: Record<string, CodeChange>) =>
      compareRuns(compared, known)
        .find(({ title }) => title === 'Code')!
        .rows.find(({ name }) => name === 'main: files');
    expect(rowOf({})?.differs).toBe(true);
    expect(rowOf({ 'b a': change })?.differs).toBe(true);
    expect(rowOf({ 'b a': { files: [], count: 0 } })?.differs).toBe(false);
    expect(comparisonText(compareRuns(compared, { 'b a': { files: [], count: 0 } }))).not.toMatch(/code/i);
  });

  it('is read both ways: what was added is removed the other way round', () => {
    const known = { 'old new': change };
    expect(codeChange(known, 'old', 'new')).toBe(change);
    expect(codeChange(known, 'new', 'old')?.files).toEqual([
      { path: 'train.py', change: 'changed', lines: '+1 −3' },
      { path: 'new.py', change: 'removed', lines: '+0 −9' },
    ]);
    expect(codeChange(known, 'new', 'other')).toBeUndefined();
    expect(codeChange(known, '__proto__', 'x')).toBeUndefined();
    expect(codeKey({ ...repository('head'), raw: { work_tree: 'work' } })).toBe('work');
  });

  it('is asked once for each pair of the newest trees, and never outside of the book', async () => {
    const asked: string[] = [];
    const outside = ['/etc', '../other', 'a/../../b', 'C:\\x', 'a\0b'].map((path) => repository('x', path));
    const trees = ['t1', 't1', 't2', 't3'].map((tree) => repository(tree));
    const known = await loadCodeChanges(
      '/book',
      async (top, before, after) => {
        asked.push(`${top} ${before} ${after}`);
        return { known: before !== 't3', why: undefined, files: [], leftOut: 0, lost: [] };
      },
      runsWith([...trees, ...outside]),
    );
    expect(asked).toEqual(['/book t2 t1', '/book t3 t1', '/book t3 t2']);
    expect(Object.keys(known)).toEqual(['t2 t1']);
  });

  it('keeps the number of questions small, however many trees there are', async () => {
    let asked = 0;
    const many = Array.from({ length: 60 }, (_, at) => repository(`t${at}`));
    await loadCodeChanges(
      '/book',
      async () => {
        asked += 1;
        return { known: false, why: 'gone', files: [], leftOut: 0, lost: [] };
      },
      runsWith(many),
    );
    // And one step back beyond them, where the repository knows no more.
    expect(asked).toBe((8 * 7) / 2 + 1);
  });

  it('is known of many trees that differ in what was recorded meanwhile, step by step', async () => {
    const changed = { path: 'a.py', change: 'changed', addedLines: 1, removedLines: 0 } as const;
    const many = Array.from({ length: 20 }, (_, at) => repository(`t${at}`));
    const runs = runsWith(many);
    const known = await loadCodeChanges(
      '/book',
      async (_, before, after) => {
        // What is older than t15 is another code.
        const [a, b] = [before, after].map((tree) => Number(tree.slice(1)) > 15);
        return { known: true, why: undefined, files: a === b ? [] : [changed], leftOut: 0, lost: [] };
      },
      runs,
    );
    expect(Object.keys(known)).toHaveLength((8 * 7) / 2 + 12);
    expect(codeChange(known, 't1', 't14')?.count).toBe(0);
    expect(codeChange(known, 't14', 't1')?.count).toBe(0);
    expect(codeChange(known, 't2', 't19')?.count).toBe(1);
    expect(codeChange(known, 't2', 'other')).toBeUndefined();
  });

  it('knows the commits on the way from one to another, both ways', async () => {
    const [old, fresh] = ['a', 'b'].map((id) => ({ id, subject: `Commit ${id}` }));
    const asked: string[] = [];
    const heads = ['h1', 'h1', 'h2', 'h3'].map((head) => ({ ...repository('t'), head }));
    const known = await loadCommitChanges(
      '/book',
      async (top, before, after) => {
        asked.push(`${top} ${before} ${after}`);
        return before === 'h3' ? undefined : { added: [fresh!], removed: [old!] };
      },
      runsWith([...heads, { ...repository('t', '../other'), head: 'h4' }]),
    );
    expect(asked).toEqual(['/book h2 h1', '/book h3 h1', '/book h3 h2']);
    expect(Object.keys(known)).toEqual(['h2 h1']);
    expect(commitChange(known, 'h1', 'h2')).toEqual({ added: [old], removed: [fresh] });
    expect(commitChange(known, 'h1', '__proto__')).toBeUndefined();
    const runs = runsWith(heads.slice(1));
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    const page = compareRunsPart({ compared, hrefOf: () => '', all: false, live: false, commits: known });
    const text = page.map((part) => textOf(part)).join(' ');
    expect(text).toContain('1 commit after A, 1 commit only in A');
    expect(text).toMatch(/\+ a Commit a\s*− b Commit b/);
  });

  it('stands beside the trees of a comparison', () => {
    const runs = runsWith([repository('new'), repository('old'), repository('new')]);
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    const code = compareRuns(compared, { 'old new': change }).find(({ title }) => title === 'Code');
    expect(code?.rows[0]?.values.map((value) => value?.files?.count)).toEqual([undefined, 2, undefined]);
  });

  it('come with what was not recorded of them', () => {
    const raws: ReceiptRepository['raw'][] = [
      { submodules: { lib: { missing: 'away' }, ok: { tree: 't' } } },
      { dirty_submodules: ['x'] },
      {},
    ];
    const runs = runsWith(raws.map((raw) => ({ ...repository('same'), raw })));
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    const code = compareRuns(compared).find(({ title }) => title === 'Code');
    const row = code?.rows.find(({ name }) => name.endsWith('not recorded'));
    expect(row).toMatchObject({ differs: true });
    expect(row?.values.map((value) => value?.text)).toEqual(['lib', 'x', undefined]);
  });
});
