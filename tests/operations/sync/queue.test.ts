import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitAfter } from '../../../collector/operations/sync/backoff.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { environment, filesBelow, filesOf, git, makeClones, write } from './clones.ts';

const queueOf = (bare: string) => git(bare, 'for-each-ref', '--format=%(refname)', 'refs/daybook-queue');

function record(root: string, id: string): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  appendFileSync(join(root, 'snapshots/action_log.jsonl'), `{"snapshot_id":"${id}"}\n`);
  write(root, `snapshots/periodic_2026010${id.length}_000000.json`, `{"of":"${id}"}\n`);
}

/** Lets the branch move between the fetch and the push of the one who comes next, once. */
function moveOnce(bare: string): void {
  git(bare, 'config', 'user.name', 'T');
  git(bare, 'config', 'user.email', 't@example.org');
  const move =
    'git update-ref refs/heads/main $(git commit-tree -m x -p refs/heads/main refs/heads/main^{tree})';
  const script = `#!/bin/sh\nunset GIT_QUARANTINE_PATH\nrm "$0"\n${move}\n`;
  writeFileSync(join(bare, 'hooks/update'), script, { mode: 0o755 });
}

it('who loses a race is taken along by the one who wins the next', async () => {
  const { bare, clones } = makeClones(2);
  const [a = '', b = ''] = clones;
  record(a, 'a');
  record(b, 'bb');
  moveOnce(bare);
  let queued = '';
  const sleep = async () => {
    queued = queueOf(bare);
    expect(await syncBook(b)).toMatchObject({ pushed: true, attempts: 1 });
    expect([...filesOf(bare).keys()]).toHaveLength(3);
  };
  const result = await syncBook(a, {}, { random: () => 0.5, now: () => performance.now(), sleep });
  expect(queued).toMatch(/^refs\/daybook-queue\/[0-9a-f]{12}\/[0-9a-f-]{36}$/);
  expect(result).toMatchObject({
    attempts: 2,
    pushed: true,
    files: 2,
    commit: git(bare, 'rev-parse', 'main'),
  });
  expect(queueOf(bare)).toBe('');
  await syncBook(b);
  const sorted = (files: Map<string, string>) =>
    [...files].map(([path, text]) => [path, text.split('\n').sort()]);
  for (const root of clones) expect(sorted(filesBelow(root))).toEqual(sorted(filesOf(bare)));
  expect(await syncBook(a)).toMatchObject({ commit: null, pushed: false, received: 0 });
});

it('names that are taken and settings are left to the one who queued them', async () => {
  const { bare, clones } = makeClones(2);
  const [a = '', b = ''] = clones;
  write(a, 'snapshots/periodic_20260101_000000.json', '{"of":"a"}\n');
  write(b, 'snapshots/periodic_20260101_000000.json', '{"of":"b"}\n');
  write(a, 'daybook.yaml', 'title: a\n');
  moveOnce(bare);
  const sleep = async () => {
    await syncBook(b);
    expect([...filesOf(bare).values()]).toEqual(['{"of":"b"}\n']);
  };
  await syncBook(a, {}, { random: () => 0.5, now: () => performance.now(), sleep });
  expect([...filesOf(bare).values()].sort()).toEqual(['{"of":"a"}\n', '{"of":"b"}\n']);
  expect(git(bare, 'show', 'main:daybook.yaml')).toBe('title: a');
});

it('a remote that takes no queue only leaves it to trying again', async () => {
  const { bare, clones } = makeClones(1);
  const [a = ''] = clones;
  record(a, 'a');
  moveOnce(bare);
  const refuse = '#!/bin/sh\nwhile read _ _ ref; do case $ref in refs/daybook-queue/*) exit 1;; esac; done\n';
  writeFileSync(join(bare, 'hooks/pre-receive'), refuse, { mode: 0o755 });
  const effects = { random: () => 0.5, now: () => performance.now(), sleep: async () => undefined };
  expect(await syncBook(a, {}, effects)).toMatchObject({ attempts: 2, pushed: true });
  rmSync(join(bare, 'hooks/pre-receive'));
  expect(queueOf(bare)).toBe('');
});

it('what a killed sync left in the queue is taken along, and out of it after an hour', async () => {
  const { bare, clones } = makeClones(3);
  const [a = '', b = '', c = ''] = clones;
  record(a, 'a');
  record(b, 'bb');
  const { commit } = await syncBook(a, { push: false });
  const key = await keyOfQueue(bare, c);
  git(a, 'push', '--quiet', 'origin', `${commit}:refs/daybook-queue/${key}/left`);
  await syncBook(b);
  expect(filesOf(bare).get('snapshots/action_log.jsonl')).toContain('"a"');
  expect(queueOf(bare)).toContain('/left');
  const aged = execFileSync('git', ['commit-tree', '-m', 'x', `${commit}^{tree}`], {
    cwd: bare,
    env: { ...environment, GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' },
    encoding: 'utf8',
  });
  git(bare, 'update-ref', `refs/daybook-queue/${key}/left`, aged.trim());
  await syncBook(b);
  expect(queueOf(bare)).toBe('');
});

/** The folder of the queue, as a sync that loses shows it. */
async function keyOfQueue(bare: string, root: string): Promise<string> {
  record(root, 'ccc');
  moveOnce(bare);
  let name = '';
  const sleep = async () => {
    name = queueOf(bare).split('/')[2]!;
  };
  await syncBook(root, {}, { random: () => 0.5, now: () => performance.now(), sleep });
  return name;
}

it('waits as long as an attempt takes, more or less, within limits', () => {
  expect(waitAfter(1000, 0)).toBe(500);
  expect(waitAfter(1000, 0.99)).toBeCloseTo(1490);
  expect(waitAfter(0, 0)).toBe(25);
  expect(waitAfter(1e9, 0.5)).toBe(10_000);
});
