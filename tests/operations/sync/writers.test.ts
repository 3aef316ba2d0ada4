import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { restoreBook } from '../../../collector/operations/sync/branch/restore.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { collectShards } from '../../../collector/operations/sync/writers/collect.ts';
import { pushShard } from '../../../collector/operations/sync/writers/shard.ts';
import { amount } from '../../long.ts';
import { environment, filesOf, git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';

function record(root: string, id: string): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  appendFileSync(join(root, log), `{"snapshot_id":"${id}"}\n`);
}

const idsIn = (text: string) => [...text.matchAll(/"snapshot_id":"(\w+)"/g)].map(([, id]) => id).sort();
const refsOf = (bare: string) =>
  git(bare, 'for-each-ref', '--format=%(refname)', 'refs/daybook').split('\n').filter(Boolean);
const shardLog = (bare: string, ref: string) => idsIn(git(bare, 'show', `${ref}:${log}`));

describe.each([undefined, 'daybook'])('shards of writers, with the book on the branch %s', (branch) => {
  const onBranch = (bare: string) => idsIn(git(bare, 'show', `${branch ?? 'main'}:${log}`));

  it('are pushed by each alone, and sealed by one who collects; then they are gone', async () => {
    const { bare, clones } = makeClones(3, branch);
    const [a = '', b = '', collector = ''] = clones;
    for (const [root, name] of [
      [a, 'a'],
      [b, 'b'],
    ] as const) {
      for (const number of [1, 2]) {
        record(root, `${name}${number}`);
        write(root, `snapshots/periodic_2026010${number}_000000.json`, `{"of":"${name}"}\n`);
        expect(await pushShard(root)).toMatchObject({ files: 1 + number });
      }
      expect(await pushShard(root)).toMatchObject({ commit: null });
    }
    expect(refsOf(bare)).toHaveLength(2);
    expect(
      refsOf(bare)
        .map((ref) => shardLog(bare, ref))
        .sort(),
    ).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
    expect(await collectShards(collector)).toMatchObject({ found: 2, sealed: 2 });
    expect(refsOf(bare)).toEqual([]);
    expect(onBranch(bare)).toEqual(['a1', 'a2', 'b1', 'b2']);
    const contents = [...filesOf(bare, branch)]
      .filter(([path]) => path.includes('/periodic_'))
      .map(([, text]) => text);
    expect(contents.sort()).toEqual(['a', 'a', 'b', 'b'].map((name) => `{"of":"${name}"}\n`));
    expect(await collectShards(collector)).toMatchObject({ found: 0, sealed: 0, synced: { commit: null } });
  });

  it('hold what is new alone, once what they held before was sealed', async () => {
    const { bare, clones } = makeClones(2, branch);
    const [a = '', collector = ''] = clones;
    for (const number of [1, 2, 3, 4]) {
      record(a, `a${number}`);
      await pushShard(a);
      if (number < 3) await collectShards(collector);
    }
    // That it was sealed is noticed by the push that follows; what is in both is there once.
    expect(shardLog(bare, refsOf(bare)[0]!)).toEqual(['a3', 'a4']);
    await collectShards(collector);
    expect(onBranch(bare)).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('hold nothing that was there when the clone got the book', async () => {
    const { bare, clones } = makeClones(2, branch);
    const [a = '', b = ''] = clones;
    record(a, 'old');
    await syncBook(a);
    if (branch === undefined) await syncBook(b);
    else await restoreBook(b);
    record(b, 'new');
    await pushShard(b);
    expect(shardLog(bare, refsOf(bare)[0]!)).toEqual(['new']);
  });

  it('stay where they grew after they were read, and the next time finds the rest', async () => {
    const { bare, clones } = makeClones(2, branch);
    const [a = '', collector = ''] = clones;
    record(a, 'one');
    await pushShard(a);
    const ref = refsOf(bare)[0]!;
    const grow = async () => {
      record(a, 'two');
      await pushShard(a);
    };
    const collecting = collectShards(collector);
    await grow();
    await collecting;
    expect([0, 1]).toContain(refsOf(bare).length);
    await collectShards(collector);
    expect(refsOf(bare)).toEqual([]);
    expect(onBranch(bare)).toEqual(['one', 'two']);
    expect(ref).toMatch(/^refs\/daybook\/w\/[0-9a-f]{12}$/);
  });

  it('of a clone that was copied go to another ref', async () => {
    const { bare, clones } = makeClones(1, branch);
    const [a = ''] = clones;
    record(a, 'one');
    await pushShard(a);
    const copy = join(a, '../copy');
    git(join(a, '..'), 'clone', '--quiet', bare, copy);
    write(copy, log, readFileSync(join(a, log), 'utf8'));
    const state = git(a, 'rev-parse', '--git-dir');
    for (const name of readdirSync(join(a, state)).filter((each) => each.startsWith('daybook-writer')))
      cpSync(join(a, state, name), join(copy, '.git', name));
    git(copy, 'fetch', '--quiet', 'origin', `${refsOf(bare)[0]}:refs/copied`);
    record(a, 'two');
    await pushShard(a);
    record(copy, 'three');
    await pushShard(copy);
    expect(refsOf(bare)).toHaveLength(2);
    await collectShards(a);
    expect(onBranch(bare)).toEqual(['one', 'three', 'two']);
  });
});

describe('writers and collectors that are killed at any moment', () => {
  it('lose nothing and write nothing twice', async () => {
    const { bare, clones } = makeClones(3, 'daybook');
    const [a = '', b = '', collector = ''] = clones;
    const module = (name: string) =>
      fileURLToPath(new URL(`../../../collector/operations/sync/writers/${name}.ts`, import.meta.url));
    const script = `const { pushShard, collectShards } = await import(process.argv[1]); console.log(1);
      await (pushShard ?? collectShards)(process.argv[2]);`;
    const start = (name: string, root: string) =>
      spawn(process.execPath, ['--input-type=module', '-e', script, module(name), root], {
        env: environment,
      });
    const killLater = async (victim: ChildProcess, ms: number) => {
      const closed = once(victim, 'close');
      await once(victim.stdout!, 'data');
      await sleep(ms);
      victim.kill('SIGKILL');
      await closed;
    };
    const rounds = amount(3, 40);
    const ids: string[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const root of [a, b]) {
        ids.push(`${root === a ? 'a' : 'b'}${round}`);
        record(root, ids.at(-1)!);
      }
      const after = (round * 260) / rounds;
      await pushShard(a);
      await Promise.all([
        killLater(start('shard', b), after / 2),
        killLater(start('collect', collector), after),
      ]);
    }
    for (const root of [a, b]) await pushShard(root);
    await collectShards(collector);
    expect(refsOf(bare)).toEqual([]);
    expect(idsIn(git(bare, 'show', `daybook:${log}`))).toEqual(ids.sort());
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
  });
});
