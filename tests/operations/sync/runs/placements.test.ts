import { describe, expect, it } from 'vitest';
import { moveBook } from '../../../../collector/operations/sync/branch/move.ts';
import { restoreBook } from '../../../../collector/operations/sync/branch/restore.ts';
import { syncBook } from '../../../../collector/operations/sync/sync-book.ts';
import { collectShards } from '../../../../collector/operations/sync/writers/collect.ts';
import { pushShard } from '../../../../collector/operations/sync/writers/shard.ts';
import { git, makeClones, write } from '../clones.ts';
import { clonesWith, namesOn, onBranch, receipt, text } from './clones-with-runs.ts';

const ledger = `{
  "train": {
    "": {
      "000": {
        "status": "done",
        "param_hash": null,
        "files": {},
        "timestamp_status_lst": [["2026-01-01T00:00:00", "pending"], ["2026-01-01T00:00:01", "done"]]
      }
    }
  }
}`;

function recordRuns(root: string): void {
  write(root, 'results/x/run.lock', receipt('x'));
  write(root, 'results/x/metrics.jsonl', '{"step":1,"loss":1}\n');
  write(root, 'metadata.json', ledger);
  write(root, 'other/metadata.json', '{"name":"no ledger"}\n');
}

describe('without sync.runs', () => {
  it('one line says what stays behind and how to take it along, on a branch of its own and by a writer alone', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    recordRuns(a);
    const line =
      '2 runs stay here (1 metadata.json, 1 run.lock, 1 metrics.jsonl): "sync: {runs: true}" in daybook.yaml takes them along, false ends this line.';
    expect((await syncBook(a)).notes).toEqual([line]);
    expect((await pushShard(a)).notes).toEqual([line]);
    expect(namesOn(bare)).not.toContain('metadata.json');
    write(a, 'daybook.yaml', 'sync: {branch: daybook, runs: false}\n');
    expect((await syncBook(a)).notes).toEqual([]);
  });

  it("runs on the branch that is checked out are the user's to commit, and what is committed is not told", async () => {
    const { clones } = makeClones(1);
    const [a = ''] = clones;
    recordRuns(a);
    git(a, 'add', 'metadata.json');
    write(a, 'snapshots/action_log.jsonl', '{"snapshot_id":"a"}\n');
    const [line = ''] = (await syncBook(a)).notes;
    expect(line).toMatch(
      /^1 run stays here \(1 run\.lock, 1 metrics\.jsonl\): they are yours to commit on this branch; .*daybook sync --move/,
    );
    write(a, 'daybook.yaml', 'sync: {runs: true}\n');
    expect((await syncBook(a)).notes[0]).toMatch(/sync\.runs holds for a book on a branch of its own/);
    // Once it has one, the line has come true.
    const { synced } = await moveBook(a, {});
    expect(synced.notes).not.toContainEqual(expect.stringMatching(/stays here/));
    const names = git(a, 'ls-tree', '-r', '--name-only', 'refs/remotes/origin/daybook');
    expect(names).toMatch(/results\/x\/run\.lock/);
    expect(names).not.toMatch(/metadata\.json/);
  });
});

describe('writers that push to refs of their own', () => {
  it('take runs along, which whoever collects joins: a newer state of one, the ledgers of all', async () => {
    const { bare, clones } = clonesWith(3, 'true');
    const [a = '', b = '', collector = ''] = clones;
    write(a, 'results/a/run.lock', receipt('running'));
    write(a, 'metadata.json', ledger);
    write(b, 'metadata.json', ledger.replaceAll('2026-01-01', '2026-01-02'));
    await pushShard(a);
    expect(await pushShard(b)).toMatchObject({ files: 1 });
    expect(await collectShards(collector)).toMatchObject({ found: 2, sealed: 2 });
    expect(Object.keys(JSON.parse(onBranch(bare, 'metadata.json')).train[''])).toHaveLength(2);
    write(a, 'results/a/run.lock', receipt('done'));
    await pushShard(a);
    expect(await pushShard(a)).toMatchObject({ commit: null });
    // In a clone that knows nothing of what was there before.
    git(collector, 'clean', '-fdxq');
    git(
      collector,
      'update-ref',
      '-d',
      git(collector, 'for-each-ref', '--format=%(refname)', 'refs/worktree').split('\n')[0]!,
    );
    expect(await collectShards(collector)).toMatchObject({ found: 1, sealed: 1 });
    expect(onBranch(bare, 'results/a/run.lock')).toBe(receipt('done'));
    expect(namesOn(bare).filter((name) => name.includes('other-'))).toEqual([]);
  });

  it('keep their shard at the remote where the one who collects does not take runs', async () => {
    const { clones } = clonesWith(2, 'true');
    const [a = '', collector = ''] = clones;
    write(a, 'results/a/run.lock', receipt('a'));
    await pushShard(a);
    write(collector, 'daybook.yaml', 'sync: {branch: daybook}\n');
    const { found, sealed, synced } = await collectShards(collector);
    expect([found, sealed]).toEqual([1, 0]);
    expect(synced.notes.join()).toMatch(/1 shard holds files of runs and stays at origin/);
  });
});

describe('what leaves', () => {
  const token = `ghp${'_'}${'a1B2c3D4e5'.repeat(4)}`;

  it('is masked in every kind of file, and what cannot be masked stays and is told', async () => {
    const { bare, clones } = clonesWith(2, '{metrics: 8 KB}');
    const [a = '', b = ''] = clones;
    write(a, 'results/a/run.lock', `config:\n  note: see ${token}\n  password: hunter2hunter2\n# ${token}\n`);
    write(a, 'results/a/metrics.jsonl', `{"loss ${token}":1,"id":"p"}\n{"loss":2,"id":"q"}\n`);
    write(
      a,
      'results/a/experiment_tracker.json',
      `{"experiment_id":"${token}","config":{"api_key":"hunter2hunter2"}}\n`,
    );
    write(a, 'metadata.json', ledger.replace('"files": {}', `"files": {"model": "s3://x?token=${token}"}`));
    write(
      a,
      'results/b/run.lock',
      `repos:\n  main:\n    tree: ${'a'.repeat(40)}\n    patch: |\n      +${token}\n`,
    );
    write(a, 'results/c/metrics.jsonl', `{"loss":1}\n`.repeat(1000));
    const { notes } = await syncBook(a);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/^results\/b\/run\.lock stays here: it holds what looks like a secret/);
    expect(notes[1]).toMatch(/^results\/c\/metrics\.jsonl stays here: larger than sync\.runs\.metrics/);
    const published = namesOn(bare).filter((name) => name !== 'daybook.yaml');
    expect(published.sort()).toEqual(
      [
        '.gitattributes',
        'metadata.json',
        'results/a/experiment_tracker.json',
        'results/a/metrics.jsonl',
        'results/a/run.lock',
      ].filter((name) => name !== '.gitattributes'),
    );
    for (const name of published) expect(onBranch(bare, name)).not.toMatch(new RegExp(`${token}|hunter2`));
    expect(text(a, 'metadata.json')).toContain(token);
    expect(await syncBook(a)).toMatchObject({ commit: null });
    await restoreBook(b);
    expect(await syncBook(b)).toMatchObject({ commit: null, received: 0 });
    // What others add comes back, and what is masked there alone stays here as it is.
    write(b, 'results/a/metrics.jsonl', `${text(b, 'results/a/metrics.jsonl')}{"loss":3,"id":"r"}\n`);
    await syncBook(b);
    await syncBook(a);
    expect(text(a, 'results/a/metrics.jsonl')).toBe(
      `{"loss ${token}":1,"id":"p"}\n{"loss":2,"id":"q"}\n{"loss":3,"id":"r"}\n`,
    );
  });
});

describe('recorded code', () => {
  it('goes along only where that is asked for, and restore brings it', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    const [a = '', b = ''] = clones;
    write(a, 'results/a/run.lock', receipt('a'));
    const commit = git(a, 'rev-parse', 'HEAD');
    git(a, 'update-ref', 'refs/daybook/runs/0123abcd', commit);
    const refs = (root: string) => git(root, 'for-each-ref', '--format=%(refname)', 'refs/daybook/runs');
    await syncBook(a);
    expect(refs(bare)).toBe('');
    const settings = 'sync: {branch: daybook, runs: {code: true}}\n';
    for (const root of [a, b]) write(root, 'daybook.yaml', settings);
    expect((await syncBook(a)).notes).toEqual([]);
    expect(refs(bare)).toBe('refs/daybook/runs/0123abcd');
    await restoreBook(b);
    expect(refs(b)).toBe('refs/daybook/runs/0123abcd');
  });
});
