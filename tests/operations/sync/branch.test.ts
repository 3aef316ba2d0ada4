import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreBook } from '../../../collector/operations/sync/branch/restore.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { prunedLine, prunedSnapshotsPath } from '../../../collector/store/pruned-snapshots.ts';
import { run } from '../../cli/run.ts';
import { filesBelow, filesOf, git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';
const line = (id: string) => `{"snapshot_id":"${id}","timestamp":"2026-01-01T00:00:00Z"}\n`;
const snapshot = (second: number, host = 'h') =>
  `{"snapshot_id":"periodic_20260101_00000${second}","snapshot_type":"periodic","timestamp":"2026-01-01T00:00:0${second}Z","system_state":{"host":"${host}"}}\n`;

function record(root: string, id: string): void {
  write(root, log, `${existsSync(join(root, log)) ? readFileSync(join(root, log), 'utf8') : ''}${line(id)}`);
}

const idsIn = (text: string) => [...text.matchAll(/"snapshot_id":"(\w+)"/g)].map(([, id]) => id);
const onBranch = (bare: string, branch = 'daybook') => idsIn(git(bare, 'show', `${branch}:${log}`));

function cloneOf(bare: string, name: string, ...options: string[]): string {
  const root = join(bare, '..', name);
  git(join(bare, '..'), 'clone', '--quiet', ...options, `file://${bare}`, root);
  return root;
}

describe('a book on a branch of its own', () => {
  it('leaves branch, index and work tree of the user as they were', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    write(a, 'staged.txt', 'x\n');
    git(a, 'add', 'staged.txt');
    write(a, 'code.txt', 'changed\n');
    const before = [git(a, 'rev-parse', 'HEAD'), git(a, 'status', '--porcelain'), git(a, 'ls-files', '-s')];
    record(a, 'one');
    const result = await syncBook(a);
    expect(result).toMatchObject({ branch: 'daybook', pushed: true, moved: false, notes: [] });
    expect([git(a, 'rev-parse', 'HEAD'), git(a, 'status', '--porcelain'), git(a, 'ls-files', '-s')]).toEqual(
      before,
    );
    expect(git(bare, 'ls-tree', '-r', '--name-only', 'daybook').split('\n')).toEqual(['daybook.yaml', log]);
    expect(git(bare, 'rev-list', '--count', 'main')).toBe('1');
    expect(await syncBook(a)).toMatchObject({ commit: null, received: 0 });
  });

  it('is excluded in this clone where no rule keeps it out, which is said once', async () => {
    const { clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    write(a, '.gitignore', '.daybook/\n');
    git(a, 'commit', '--quiet', '-am', 'no rule');
    record(a, 'one');
    expect((await syncBook(a)).notes).toEqual([expect.stringContaining('.git/info/exclude')]);
    expect(git(a, 'status', '--porcelain')).toBe('');
    record(a, 'two');
    expect((await syncBook(a)).notes).toEqual([]);
  });

  it.each([
    ['whole', []],
    ['shallow', ['--depth', '1']],
  ])('comes into a %s fresh clone before anything is recorded there', async (kind, options) => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    for (const id of ['one', 'two', 'three']) {
      record(a, id);
      await syncBook(a);
    }
    write(a, 'snapshots/periodic_20260101_000001.json', snapshot(1));
    await syncBook(a);
    const fresh = cloneOf(bare, `fresh-${kind}`, ...options);
    record(fresh, 'new');
    expect(await restoreBook(fresh)).toMatchObject({ received: 2, conflicts: [], notes: [] });
    expect(idsIn(readFileSync(join(fresh, log), 'utf8')).sort()).toEqual(['new', 'one', 'three', 'two']);
    expect(filesBelow(fresh).get('snapshots/periodic_20260101_000001.json')).toBe(snapshot(1));
    expect(await syncBook(fresh)).toMatchObject({ files: 1, received: 0 });
    expect(onBranch(bare).sort()).toEqual(['new', 'one', 'three', 'two']);
    expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('5');
    // One commit and ours, and no more than that is fetched.
    if (kind === 'shallow') expect(git(fresh, 'rev-list', '--count', 'refs/worktree/daybook/tip')).toBe('1');
    expect(git(fresh, 'status', '--porcelain')).toBe('');
  });

  it('has nothing to restore before the first sync, which is no error', async () => {
    const { clones } = makeClones(1, 'daybook');
    expect(await restoreBook(clones[0]!)).toMatchObject({ commit: null, received: 0 });
    const { exitCode, out } = await run(clones[0]!, ['sync', '--restore']);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('no branch origin/daybook yet')]);
  });

  it('is whole again after git has cleaned the work tree, here and on the branch', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    record(a, 'one');
    write(a, 'snapshots/periodic_20260101_000001.json', snapshot(1));
    await syncBook(a);
    const before = filesOf(bare, 'daybook');
    git(a, 'clean', '-fdxq');
    expect(existsSync(join(a, 'snapshots'))).toBe(false);
    await syncBook(a);
    expect(filesOf(bare, 'daybook')).toEqual(before);
    expect(filesBelow(a)).toEqual(before);
  });

  it('loses snapshots that were pruned, and no clone that has them yet brings them back', async () => {
    const { bare, clones } = makeClones(2, 'daybook');
    const [a = '', b = ''] = clones;
    for (const second of [1, 2])
      write(a, `snapshots/periodic_20260101_00000${second}.json`, snapshot(second));
    await syncBook(a);
    await syncBook(b);
    write(a, 'snapshots/store/.keep', '');
    appendFileSync(prunedSnapshotsPath(a), prunedLine('periodic_20260101_000001', 1, 2));
    rmSync(join(a, 'snapshots/periodic_20260101_000001.json'));
    await syncBook(a);
    record(b, 'one');
    await syncBook(b);
    const names = [...filesOf(bare, 'daybook').keys()].filter((name) => name.includes('/periodic_'));
    expect(names).toEqual(['snapshots/periodic_20260101_000002.json']);
    expect(onBranch(bare)).toEqual(['one']);
  });

  it('is not put on a branch that holds anything else', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    git(a, 'push', '--quiet', 'origin', 'HEAD:refs/heads/daybook');
    record(a, 'one');
    await expect(syncBook(a)).rejects.toThrow(/origin\/daybook holds more than a book/);
    expect(git(bare, 'rev-parse', 'daybook')).toBe(git(bare, 'rev-parse', 'main'));
  });

  it('lies on a branch of this repository where nothing is pushed', async () => {
    const { clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    git(a, 'remote', 'remove', 'origin');
    for (const id of ['one', 'two']) {
      record(a, id);
      expect(await syncBook(a, { push: false })).toMatchObject({ pushed: false, branch: 'daybook' });
    }
    expect(onBranch(a)).toEqual(['one', 'two']);
    expect(git(a, 'rev-list', '--count', 'daybook')).toBe('2');
    expect(git(a, 'status', '--porcelain')).toBe('');
  });

  it('follows where its branch is checked out', async () => {
    const { bare, clones } = makeClones(2, 'daybook');
    const [a = '', b = ''] = clones;
    record(a, 'one');
    await syncBook(a);
    git(b, 'fetch', '--quiet');
    git(b, 'checkout', '--quiet', 'daybook');
    record(b, 'two');
    expect(await syncBook(b)).toMatchObject({ branch: 'daybook', moved: true });
    record(a, 'three');
    await syncBook(a);
    expect(onBranch(bare).sort()).toEqual(['one', 'three', 'two']);
    expect(await syncBook(b)).toMatchObject({ received: 1, moved: true });
  });
});

describe('a fresh clone whose book lies on a branch', () => {
  it.each([['actions'], ['summary'], ['all'], ['latest'], ['runs']])('says so: %s', async (command) => {
    const { bare, clones } = makeClones(1, 'daybook');
    record(clones[0]!, 'one');
    await syncBook(clones[0]!);
    for (const [name, options] of [
      ['whole', []],
      ['shallow', ['--depth', '1']],
    ] as const) {
      const { problem } = await run(cloneOf(bare, name, ...options), [command]);
      expect(problem).toContain(
        'The book lies on the branch origin/daybook and is not here yet: daybook sync --restore',
      );
    }
  });

  it('is not said to be there before the first sync', async () => {
    const { clones } = makeClones(1, 'daybook');
    record(clones[0]!, 'one');
    const { problem } = await run(clones[0]!, ['summary']);
    expect(problem).toContain('The book may lie on the branch origin/daybook, which was not fetched');
  });

  it('says so beside what was recorded here meanwhile, and no longer once it is here', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    record(clones[0]!, 'one');
    await syncBook(clones[0]!);
    const fresh = cloneOf(bare, 'fresh');
    record(fresh, 'new');
    expect((await run(fresh, ['summary'])).problem).toContain('not here yet');
    await run(fresh, ['sync', '--restore']);
    expect((await run(fresh, ['summary'])).problem).not.toContain('not here yet');
  });
});

describe('a book that is committed on main', () => {
  it('is told how to move, and moves by one command; the files stay', async () => {
    const { bare, clones } = makeClones(2);
    const [a = '', b = ''] = clones;
    record(a, 'one');
    write(a, 'daybook.yaml', '# mine\ntitle: x\n');
    await syncBook(a);
    await syncBook(b);
    record(a, 'two');
    const { exitCode, problem } = await run(a, ['sync', '--move']);
    expect(exitCode).toBe(0);
    expect(problem).toContain('git add daybook.yaml .gitignore && git commit');
    expect(onBranch(bare)).toEqual(['one', 'two']);
    expect(readFileSync(join(a, 'daybook.yaml'), 'utf8')).toBe(
      '# mine\ntitle: x\nsync:\n  branch: daybook\n',
    );
    git(a, 'add', 'daybook.yaml', '.gitignore');
    git(a, 'commit', '--quiet', '-m', 'moved');
    git(a, 'push', '--quiet');
    expect(git(a, 'status', '--porcelain')).toBe('');
    expect(git(a, 'ls-tree', '-r', '--name-only', 'HEAD')).not.toContain('snapshots');
    expect(idsIn(readFileSync(join(a, log), 'utf8'))).toEqual(['one', 'two']);
    // The other one records on, syncs as before, pulls, and finds the book again.
    record(b, 'three');
    expect(await syncBook(b, { branch: 'daybook' })).toMatchObject({ pushed: true });
    git(b, 'checkout', '--quiet', '--', 'snapshots');
    git(b, 'pull', '--quiet');
    expect(existsSync(join(b, log))).toBe(false);
    await restoreBook(b);
    expect(idsIn(readFileSync(join(b, log), 'utf8')).sort()).toEqual(['one', 'three', 'two']);
  });

  it('is synced to its branch all the same where only the setting was written, which is said', async () => {
    const { bare, clones } = makeClones(1);
    const [a = ''] = clones;
    record(a, 'one');
    await syncBook(a);
    write(a, 'daybook.yaml', 'sync: {branch: daybook}\n');
    record(a, 'two');
    expect((await syncBook(a)).notes).toEqual([expect.stringContaining('daybook sync --move')]);
    expect(onBranch(bare)).toEqual(['one', 'two']);
    expect(git(bare, 'rev-list', '--count', 'main')).toBe('2');
  });
});
