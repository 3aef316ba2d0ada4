import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { examineBook } from '../../../collector/operations/health/doctor.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { amount } from '../../long.ts';
import { environment, filesBelow, filesOf, git, makeClones, write } from './clones.ts';

const gonePid = () => spawnSync(process.execPath, ['-e', '0']).pid;
const examine = (root: string, repair: boolean) => examineBook(root, { repair, clock: systemClock });
const indexesIn = (root: string) =>
  readdirSync(join(root, '.git')).filter((name) => name.startsWith('daybook-index-'));
const refsIn = (root: string) => git(root, 'for-each-ref', '--format=%(refname)', 'refs/daybook');

function leave(root: string, pid: number): void {
  for (const ending of ['', '.lock']) writeFileSync(join(root, `.git/daybook-index-${pid}-abc${ending}`), '');
  git(root, 'update-ref', `refs/daybook/sync-${pid}-abc`, 'HEAD');
  git(root, 'update-ref', 'refs/daybook/runs/123', 'HEAD');
}

it('what a killed sync left is a note of doctor, goes with --repair, and what a living one holds stays', async () => {
  const [root = ''] = makeClones(1).clones;
  const living = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  onTestFinished(() => void living.kill());
  leave(root, gonePid());
  writeFileSync(join(root, `.git/daybook-index-${living.pid}-abc`), '');
  git(root, 'update-ref', `refs/daybook/sync-${living.pid}-abc`, 'HEAD');
  const { findings } = await examine(root, false);
  expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(Array(3).fill('note leftover'));
  const { findings: after, repairs } = await examine(root, true);
  expect(repairs).toHaveLength(3);
  expect(after).toEqual([]);
  expect(indexesIn(root)).toEqual([`daybook-index-${living.pid}-abc`]);
  expect(refsIn(root)).toBe(`refs/daybook/runs/123\nrefs/daybook/sync-${living.pid}-abc`);
});

it('the next sync takes it away, however young it is', async () => {
  const [root = ''] = makeClones(1).clones;
  leave(root, gonePid());
  git(root, 'update-ref', 'refs/daybook/synced', 'HEAD');
  write(root, 'snapshots/action_log.jsonl', '{}\n');
  await syncBook(root);
  expect(indexesIn(root)).toEqual([]);
  expect(refsIn(root)).toBe('refs/daybook/runs/123');
});

it.each([undefined, 'daybook'])(
  'syncs to %s that are killed at any moment lose nothing, leave nothing and stand in nobody’s way',
  async (branch) => {
    const { bare, clones } = makeClones(2, branch);
    const [a = '', b = ''] = clones;
    const module = fileURLToPath(new URL('../../../collector/operations/sync/sync-book.ts', import.meta.url));
    const script =
      'const { syncBook } = await import(process.argv[1]); console.log(1); await syncBook(process.argv[2]);';
    const contents: string[] = [];
    const rounds = amount(6, 40);
    for (let round = 0; round < rounds; round++) {
      for (const root of [a, b]) {
        const text = `${JSON.stringify({ snapshot_type: 'periodic', timestamp: '2026-01-01T00:00:00Z', at: [root, round] })}\n`;
        const name = `snapshots/periodic_20260101_0000${10 + round}`;
        write(root, existsSync(join(root, `${name}.json`)) ? `${name}_9.json` : `${name}.json`, text);
        appendFileSync(join(root, 'snapshots/action_log.jsonl'), text);
        contents.push(text);
      }
      await syncBook(a);
      const victim = spawn(process.execPath, ['--input-type=module', '-e', script, module, b], {
        env: environment,
      });
      // It may be done before it is killed.
      const closed = once(victim, 'close');
      await once(victim.stdout!, 'data');
      await sleep((round * 240) / rounds);
      victim.kill('SIGKILL');
      await closed;
    }
    for (const root of [b, a, b]) await syncBook(root);
    expect(indexesIn(b)).toEqual([]);
    for (const files of [filesBelow(a), filesBelow(b), filesOf(bare, branch)]) {
      const found = [...files].filter(([path]) => /\/periodic_/.test(path)).map(([, text]) => text);
      expect(found.sort()).toEqual(contents.toSorted());
      for (const text of contents) expect(files.get('snapshots/action_log.jsonl')).toContain(text);
    }
    // git of the killed process may have been half way through with the index, too: its lock then is the user's to see.
    expect(git(b, 'fsck', '--no-dangling')).toBe('');
  },
);
