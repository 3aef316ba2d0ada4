import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../../collector/index.ts';
import { temporaryFolder } from '../../helpers.ts';
import { git, put, repository } from '../../store/receipts/repository.ts';

const project = () =>
  repository({
    'src/train.py': 'print(1)\n',
    'docs/a.md': 'a\n',
    'data/a.csv': '1\n',
    '.gitignore': 'data/\n.daybook/\n',
  });

const issue = async (root: string, lr: number, out: string) => {
  const { receipts } = await openBook(root);
  await receipts.issue({
    config: { lr, save_dir: out, model: `${out}/m.pt` },
    repos: { main: '.' },
    data: 'data',
  });
  return receipts;
};

describe('two receipts', () => {
  it('are the same though places, times and results differ', async () => {
    const root = project();
    await issue(root, 0.1, 'results/r1');
    put(root, { 'results/r1/m.pt': 'x' });
    const receipts = await issue(root, 0.1, 'results/r2');
    const { same, code } = await receipts.diff('results/r1', 'results/r2');
    expect(same).toBe(true);
    expect(code.entries[0]).toMatchObject({ change: 'same', files: [], leftOut: 2 });
  });

  it('are told apart in detail: settings, commits, files with lines, the patch, data', async () => {
    const root = project();
    await issue(root, 0.1, 'results/r1');
    put(root, { 'src/train.py': 'print(1)\nprint(2)\n', 'src/new.py': 'a\nb\n', 'data/b.csv': '2\n' });
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '-m', 'second: more');
    put(root, { 'src/train.py': 'print(2)\n' });
    rmSync(join(root, 'docs/a.md'));
    const receipts = await issue(root, 0.2, 'results/r2');
    const { same, config, code, data } = await receipts.diff('results/r1/run.lock', 'results/r2', {
      code: true,
    });
    expect(same).toBe(false);
    expect(config.differences).toMatchObject([{ path: 'lr', before: 0.1, after: 0.2 }]);
    const [main] = code.entries;
    expect(main!.commits).toEqual({
      added: [{ id: expect.any(String), subject: 'second: more' }],
      removed: [],
    });
    expect(main!.files).toEqual([
      { path: 'docs/a.md', change: 'removed', addedLines: 0, removedLines: 1 },
      { path: 'src/new.py', change: 'added', addedLines: 2, removedLines: 0 },
      { path: 'src/train.py', change: 'changed', addedLines: 1, removedLines: 1 },
    ]);
    expect(main!.patch!.text).toContain('+print(2)');
    expect(main!.patch!.text).not.toContain('run.lock');
    expect(data.entries[0]!.files).toEqual([{ path: 'b.csv', change: 'added' }]);
  });

  it('are not the same where only what the program recorded tells their configuration apart', async () => {
    const root = project();
    const { receipts } = await openBook(root);
    for (const [name, lr] of [
      ['a', 0.3],
      ['b', 1],
      ['c', 0.3],
    ] as const) {
      await receipts.issue({ repos: { main: '.' }, data: 'data', out: `results/${name}` });
      put(root, {
        [`results/${name}/experiment_daybook.json`]: JSON.stringify({ config: { lr, opt: { name: 'sgd' } } }),
        [`results/${name}/experiment_tracker.json`]: JSON.stringify({ experiment_id: name }),
      });
    }
    const { same, config, code } = await receipts.diff('results/a', 'results/b');
    expect(same).toBe(false);
    expect(config.differences).toMatchObject([{ path: 'lr', before: 0.3, after: 1 }]);
    expect(code.same).toBe(true);
    expect((await receipts.diff('results/a', 'results/c')).same).toBe(true);
    // A receipt alone knows nothing of the other files of its run.
    expect((await receipts.diff('results/a/run.lock', 'results/b')).same).toBe(true);
  });

  it('of FlexLock prove nothing of what was changed inside of a submodule, however equal their trees', async () => {
    const inner = repository({ 'x.py': '1\n' });
    const root = project();
    git(root, 'submodule', '--quiet', 'add', inner, 'lib');
    git(root, 'commit', '--quiet', '-m', 'with a submodule');
    const [tree, commit] = [git(root, 'rev-parse', 'HEAD^{tree}'), git(root, 'rev-parse', 'HEAD')];
    const text = (exclude: string) =>
      `timestamp: '2026-01-01T00:00:00'\nconfig:\n  lr: 1\nrepos:\n  main:\n    path: ${root}\n    tree: ${tree}\n    commit: ${commit}\n    is_dirty: true\n${exclude}`;
    const without = text('    exclude:\n    - lib\n');
    put(root, {
      'a/run.lock': text(''),
      'b/run.lock': text(''),
      'c/run.lock': without,
      'd/run.lock': without,
    });
    const { receipts } = await openBook(root);
    const { same, code } = await receipts.diff('a', 'b');
    expect(same).toBe(false);
    expect(code.entries).toMatchObject([
      {
        name: 'main',
        change: 'unproven',
        uncovered: [{ path: 'lib', why: 'what was changed inside of it was not recorded' }],
      },
    ]);
    // What does not count as code need not be proven.
    expect(await receipts.diff('c', 'd')).toMatchObject({ same: true });
  });

  it('are compared file by file also where HEAD and a patch were recorded', async () => {
    const root = project();
    const receipts = await issue(root, 0.1, 'results/r1');
    put(root, { 'src/train.py': 'print(3)\n' });
    await receipts.issue({ repos: { main: '.' }, shadow: false, out: 'results/r2' });
    const objects = git(root, 'count-objects');
    const { code } = await receipts.diff('results/r1', 'results/r2', { code: true });
    expect(code.entries[0]!.files?.map(({ path }) => path)).toEqual(['src/train.py']);
    expect(code.entries[0]!.patch!.text).toContain('+print(3)');
    expect(git(root, 'count-objects')).toBe(objects);
  });

  it('count only the code that is included', async () => {
    const root = project();
    await issue(root, 0.1, 'results/r1');
    put(root, { 'docs/a.md': 'b\n' });
    const receipts = await issue(root, 0.1, 'results/r2');
    expect((await receipts.diff('results/r1', 'results/r2')).same).toBe(false);
    expect((await receipts.diff('results/r1', 'results/r2', { exclude: ['docs'] })).same).toBe(true);
    expect((await receipts.diff('results/r1', 'results/r2', { include: ['src/*.py'] })).same).toBe(true);
  });

  it('say so where the repository no longer has their code', async () => {
    const root = temporaryFolder();
    put(root, {
      'snapshots/x': '',
      'a/run.lock': 'config: {}\nrepos: {main: {commit: c, tree: aaaaaaaa, path: .}}\n',
      'b/run.lock': 'config: {}\nrepos: {main: {commit: c, tree: bbbbbbbb, path: .}}\n',
      'c/run.lock': 'config: {}\nrepos: {main: {commit: "--output=x", tree: "--output=y", path: /nowhere}}\n',
    });
    const { receipts } = await openBook(root);
    const first = await receipts.diff('a', 'b');
    expect(first.code.entries[0]).toMatchObject({
      change: 'changed',
      known: false,
      why: 'no git repository is around .',
    });
    git(root, 'init', '--quiet');
    expect((await receipts.diff('a', 'b')).code.entries[0]!.why).toContain('no longer has aaaaaaaa');
    expect((await receipts.diff('b', 'c')).code.entries[0]!.known).toBe(false);
  });
});

describe('runs', () => {
  const book = () => {
    const root = temporaryFolder();
    const tracker = (name: string, loss: number) =>
      JSON.stringify({
        experiment_id: name,
        status: 'completed',
        best_metrics: { loss },
        config_summary: { lr: loss },
      });
    put(root, {
      'snapshots/x': '',
      'runs/one/experiment_tracker.json': tracker('one', 0.5),
      'runs/two/experiment_tracker.json': tracker('two', 0.25),
      'other/two/experiment_tracker.json': tracker('three', 1),
    });
    return root;
  };

  it('without receipts are compared by parameters and metrics', async () => {
    const { receipts } = await openBook(book());
    const comparison = await receipts.diff('runs/one', 'runs/two');
    expect(comparison.isPartial).toBe(true);
    expect(comparison.metrics.entries).toEqual([{ name: 'loss', before: 0.5, after: 0.25 }]);
  });

  it('are found by the last parts of their keys, as long as only one has them', async () => {
    const { receipts } = await openBook(book());
    expect((await receipts.diff('one', 'other/two')).after.name).toBe('other/two');
    await expect(receipts.diff('one', 'two')).rejects.toThrow('found 2 runs that end in "two"');
    await expect(receipts.diff('one', 'none')).rejects.toMatchObject({ code: 'not-found' });
  });
});
