import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeDifference,
  codePatch,
  commitsBetween,
} from '../../../collector/store/receipts/code-difference.ts';
import { git, put, repository } from './repository.ts';

/** The tree after everything was committed. */
function commitAll(root: string, message = 'next'): string {
  git(root, 'add', '--all', '--force');
  git(root, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git(root, 'rev-parse', 'HEAD^{tree}');
}

const untrack = (root: string, ...paths: string[]) =>
  git(root, 'rm', '-r', '--cached', '--quiet', '--', ...paths);

async function changed(root: string, before: string, after: string, options = {}) {
  const { files } = await codeDifference(root, before, after, options);
  return files.map(({ change, path }) => `${change} ${path}`);
}

describe('the difference of two trees', () => {
  it('names files with lines, binary ones without', async () => {
    const root = repository({ 'a.txt': '1\n2\n', 'gone.txt': 'x\n', 'bin.dat': 'a\0b' });
    const before = git(root, 'rev-parse', 'HEAD^{tree}');
    put(root, { 'a.txt': '1\n3\n4\n', 'tab\tand\nline': 'y\n', 'bin.dat': 'a\0c' });
    rmSync(join(root, 'gone.txt'));
    const after = commitAll(root);
    const { known, files } = await codeDifference(root, before, after);
    expect(known).toBe(true);
    expect(files).toEqual([
      { path: 'a.txt', change: 'changed', addedLines: 2, removedLines: 1 },
      { path: 'bin.dat', change: 'changed', addedLines: undefined, removedLines: undefined },
      { path: 'gone.txt', change: 'removed', addedLines: 0, removedLines: 1 },
      { path: 'tab\tand\nline', change: 'added', addedLines: 1, removedLines: 0 },
    ]);
    const patch = await codePatch(root, before, after, files, { maxBytes: 50 });
    expect(patch).toMatchObject({ truncated: true });
    expect(patch!.text).toHaveLength(50);
  });

  it('leaves out what recording and runs leave behind, and nothing else that is called alike', async () => {
    const root = repository({
      'src/train.py': '1\n',
      'exp/run.lock': 'a: 1\n',
      'exp/train.py': '1\n',
      'exp/out.txt': '1\n',
    });
    const before = git(root, 'rev-parse', 'HEAD^{tree}');
    untrack(root, 'exp/out.txt');
    git(root, 'commit', '--quiet', '-m', 'results are not tracked');
    put(root, {
      'exp/run.lock': 'a: 2\n',
      'exp/out.txt': '2\n',
      'exp/new/model.pt': 'x',
      'exp/train.py': '2\n',
      'other/run.lock': 'a: 1\n',
      'other/out.txt': 'x',
      'snapshots/action_log.jsonl': '{}\n',
      'snapshots/latest_periodic.json': '{}',
      'tests/snapshots/page.html': 'x',
      'ledger/metadata.json': '{}',
      'ledger/metadata.lock': '',
      'package/metadata.json': '{}',
      'runs/experiment_tracker.json': '{}',
      'metrics.jsonl': '{}\n',
    });
    git(root, 'add', '--all');
    const after = git(root, 'write-tree');
    untrack(root, 'exp/out.txt');
    expect(await changed(root, before, after)).toEqual([
      'changed exp/train.py',
      'added package/metadata.json',
      'added tests/snapshots/page.html',
    ]);
  });

  it('says so where a tree is unknown, also for what could be an option', async () => {
    const root = repository();
    const tree = git(root, 'rev-parse', 'HEAD^{tree}');
    for (const id of ['0'.repeat(40), '--output=x', '']) {
      const { known, why } = await codeDifference(root, tree, id);
      expect(known).toBe(false);
      expect(why).toContain('no longer has');
    }
  });
});

it('lists the commits that only one of two has', async () => {
  const root = repository();
  const first = git(root, 'rev-parse', 'HEAD');
  commitAll(root, 'second\n\nwith a body');
  const second = git(root, 'rev-parse', 'HEAD');
  git(root, 'checkout', '--quiet', '-b', 'side', first);
  commitAll(root, 'aside');
  const side = git(root, 'rev-parse', 'HEAD');
  expect(await commitsBetween(root, second, side)).toEqual({
    added: [{ id: side, subject: 'aside' }],
    removed: [{ id: second, subject: 'second' }],
  });
  expect(await commitsBetween(root, '0'.repeat(40), side)).toBeUndefined();
  expect(await commitsBetween(root, '--all', side)).toBeUndefined();
});
