import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { git, put, repository } from '../store/receipts/repository.ts';
import { run } from './run.ts';

const env = { PATH: process.env.PATH };
const daybook = (root: string, ...argv: string[]) => run(root, argv, { env });
const refs = (root: string) =>
  git(root, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/daybook', 'refs/flexlock').split('\n');
const now = { nowUs: () => (Date.now() + 2 * 86_400_000) * 1000 };
const later = (root: string, ...argv: string[]) => run(root, argv, { env, clock: now });

/** Three runs, each of another state of the code; b was made from a. */
async function threeRuns(): Promise<{ root: string; commits: Record<string, string> }> {
  const root = repository({ 'train.py': '1\n', 'snapshots/.keep': '' });
  const commits: Record<string, string> = {};
  for (const [name, ...more] of [['a'], ['b', '--prev', 'runs/a'], ['c']] as const) {
    put(root, { 'train.py': `${name}\n` });
    const { out } = await daybook(root, 'lock', '--repo', '.', '--out', `runs/${name}`, '--json', ...more);
    commits[name] = Object.values(JSON.parse(out).repos as Record<string, { commit: string }>)[0]!.commit;
  }
  return { root, commits };
}

describe('daybook tag', () => {
  it('keeps the code of a run and of its ancestors, in the form of FlexLock', async () => {
    const { root, commits } = await threeRuns();
    const made = await daybook(root, 'tag', 'paper v1', 'runs/b', '-m', 'figure 2');
    expect(made).toMatchObject({ exitCode: 0, out: 'tagged runs/b as paper v1 2 commits kept\n' });
    expect(git(root, 'log', '-1', '--format=%P', 'refs/flexlock/tags/paper_v1')).toBe(
      `${commits['b']} ${commits['a']}`,
    );
    expect(git(root, 'log', '-1', '--format=%B', 'refs/flexlock/tags/paper_v1')).toMatch(
      new RegExp(
        `^FlexLock Tag: paper v1\\nPath: ${root}/runs/b\\nTagged: \\S+\\nRun: runs/b\\n\\nfigure 2$`,
      ),
    );
    expect(git(root, 'rev-parse', 'refs/flexlock/tags/paper_v1^{tree}')).toBe(
      git(root, 'rev-parse', `${commits['b']}^{tree}`),
    );
    expect(JSON.parse((await daybook(root, 'tag', '--json')).out)).toMatchObject([
      { name: 'paper_v1', run: 'runs/b', message: 'figure 2', commits: [commits['b'], commits['a']] },
    ]);
    expect(git(root, 'status', '--porcelain', 'train.py')).toBe(' M train.py');
  });

  it('refuses a name that is taken, moves it by wish, and takes it away', async () => {
    const { root, commits } = await threeRuns();
    await daybook(root, 'tag', 'best', 'runs/a');
    expect(await daybook(root, 'tag', 'best', 'runs/c')).toMatchObject({ exitCode: 1, out: '' });
    expect(await daybook(root, 'tag', 'best', 'runs/c', '--force')).toMatchObject({ exitCode: 0 });
    expect(git(root, 'log', '-1', '--format=%P', 'refs/flexlock/tags/best')).toBe(commits['c']);
    expect((await daybook(root, 'tag', '--delete', 'best')).out).toBe('deleted best\n');
    expect((await daybook(root, 'tag')).problem).toContain('No run has a tag yet');
    expect((await daybook(root, 'tag', '--delete', 'best')).exitCode).toBe(3);
  });

  it('lists what FlexLock tagged', async () => {
    const { root, commits } = await threeRuns();
    const message = 'FlexLock Tag: theirs\nPath: /home/me/proj/runs/a\nTagged: 2026-01-01T00:00:00\n';
    const tag = git(root, 'commit-tree', `${commits['a']}^{tree}`, '-p', commits['a']!, '-m', message);
    git(root, 'update-ref', 'refs/flexlock/tags/theirs', tag);
    const [found] = JSON.parse((await daybook(root, 'tag', '--json')).out);
    expect(found).toMatchObject({
      name: 'theirs',
      run: null,
      path: '/home/me/proj/runs/a',
      commits: [commits['a']],
    });
  });

  it.each([
    [['tag', 'x'], 2],
    [['tag', 'x', 'nope'], 3],
    [['tag', '/', 'runs/a'], 1],
  ])('says what is wrong: %s', async (argv, exitCode) => {
    const { root } = await threeRuns();
    expect((await daybook(root, ...(argv as string[]))).exitCode).toBe(exitCode);
  });
});

describe('daybook gc', () => {
  it('only shows, and keeps what a receipt names and what is young', async () => {
    const { root, commits } = await threeRuns();
    rmSync(join(root, 'runs/c'), { recursive: true });
    const before = refs(root);
    expect((await daybook(root, 'gc', '--force')).problem).toBe(
      '0 refs removed; kept: 2 named by a receipt, 1 young\n',
    );
    const { out, problem } = await later(root, 'gc');
    expect(out).toBe(`would remove refs/daybook/runs/${commits['c']!.slice(0, 12)}\n`);
    expect(problem).toContain('1 ref to remove; kept: 2 named by a receipt\nNothing was changed');
    expect(refs(root)).toEqual(before);
    await later(root, 'gc', '--force');
    expect(refs(root)).toEqual(before.filter((ref) => !ref.endsWith(commits['c']!)));
  });

  it('protects tagged runs and their ancestors where all others may go', async () => {
    const { root, commits } = await threeRuns();
    await daybook(root, 'tag', 'keep', 'runs/b');
    expect((await later(root, 'gc', '--untagged', '--force')).out).toBe(
      `removed refs/daybook/runs/${commits['c']!.slice(0, 12)}\n`,
    );
    git(root, 'gc', '--quiet', '--prune=now');
    expect((await daybook(root, 'restore', 'runs/a', '--into', join(root, '../restored-a'))).exitCode).toBe(
      0,
    );
    rmSync(join(root, '../restored-a'), { recursive: true });
  });

  it('keeps what a damaged receipt names, one of another name, and one in another work tree that git ignores', async () => {
    const { root, commits } = await threeRuns();
    const text = readFileSync(join(root, 'runs/a/run.lock'), 'utf8');
    writeFileSync(join(root, 'runs/a/run.lock'), `${text}\0: [`);
    renameSync(join(root, 'runs/b/run.lock'), join(root, 'runs/eval.lock'));
    const other = `${root}-other`;
    git(root, 'worktree', 'add', '--quiet', '--detach', other);
    onTestFinished(() => rmSync(other, { recursive: true, force: true }));
    put(other, { '.gitignore': 'runs/\n', 'runs/c/run.lock': `commit: ${commits['c']}\n` });
    rmSync(join(root, 'runs/c'), { recursive: true });
    expect((await later(root, 'gc', '--force')).problem).toBe('0 refs removed; kept: 3 named by a receipt\n');
  });

  it('keeps what only a receipt on another branch names, and packed refs', async () => {
    const { root, commits } = await threeRuns();
    git(root, 'switch', '--quiet', '--create', 'results');
    git(root, 'add', 'runs/c');
    git(root, 'commit', '--quiet', '-m', 'results');
    git(root, 'switch', '--quiet', 'main');
    writeFileSync(join(root, 'orphan.txt'), 'x');
    await daybook(root, 'lock', '--repo', '.', '--out', 'runs/d');
    rmSync(join(root, 'runs/d'), { recursive: true });
    git(root, 'pack-refs', '--all');
    const { out } = await daybook(root, 'gc', '--force');
    expect(out.trim().split('\n').length).toBe(1);
    expect(refs(root).some((ref) => ref.endsWith(commits['c']!))).toBe(true);
  });
});
