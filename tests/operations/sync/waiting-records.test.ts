import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../command-line.ts';
import { environment, filesOf, git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';

/** A clone whose log could not be written when something was recorded, so that its records wait in a spool. */
function bookWithWaiting(names: readonly string[]) {
  const { bare, clones } = makeClones(1);
  const root = clones[0]!;
  const spool = join(root, '../spool');
  const env = { ...environment, DAYBOOK_SPOOL: spool };
  const daybook = (...args: string[]) =>
    spawnSync(process.execPath, [commandLine, ...args], { cwd: root, env, encoding: 'utf8' });
  write(root, 'daybook.yaml', '');
  writeFileSync(join(root, 'snapshots'), 'in the way');
  for (const name of names) expect(daybook('action', name).stderr).toContain('waits in');
  rmSync(join(root, 'snapshots'));
  mkdirSync(join(root, 'snapshots'));
  return { bare, root, spool, daybook };
}

const waitingIn = (spool: string) =>
  existsSync(spool)
    ? readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))
    : [];

const typesIn = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { action: { type: string } }).action.type)
    .sort();

describe('records that wait in the spool', () => {
  it('are published by the next sync, and wait no more', () => {
    const { bare, spool, daybook } = bookWithWaiting(['one', 'two']);
    expect(waitingIn(spool)).not.toEqual([]);
    const sync = daybook('sync');
    expect(sync.stderr).toBe('');
    expect(sync.status).toBe(0);
    expect(typesIn(filesOf(bare).get(log) ?? '')).toEqual(['one', 'two']);
    expect(waitingIn(spool)).toEqual([]);
  });

  it('are committed by a sync that does not push', () => {
    const { root, daybook } = bookWithWaiting(['one']);
    expect(daybook('sync', '--no-push').status).toBe(0);
    expect(typesIn(git(root, 'show', `HEAD:${log}`))).toEqual(['one']);
  });

  it('fail the sync that cannot take them in, which publishes the rest', () => {
    const { bare, root, spool, daybook } = bookWithWaiting(['one']);
    mkdirSync(join(root, log));
    write(root, 'snapshots/periodic_20260101_000000.json', '{}\n');
    const sync = daybook('sync');
    expect(sync.status).toBe(1);
    expect(sync.stderr).toContain('1 record in the spool could not be taken in');
    expect(sync.stderr).toContain('Everything else was published');
    expect([...filesOf(bare).keys()]).toContain('snapshots/periodic_20260101_000000.json');
    expect(waitingIn(spool)).toHaveLength(1);
    rmSync(join(root, log), { recursive: true });
    expect(daybook('sync').status).toBe(0);
    expect(typesIn(filesOf(bare).get(log) ?? '')).toEqual(['one']);
  });

  it('of a damaged spool are told, and never called published', () => {
    const { root, spool, daybook } = bookWithWaiting(['one']);
    const file = waitingIn(spool).find((name) => name.endsWith('.jsonl'))!;
    writeFileSync(join(spool, file), 'not a record\n');
    const sync = daybook('sync');
    expect(sync.status).toBe(1);
    expect(sync.stderr).toContain('1 file that cannot be read in the spool');
    expect(git(root, 'ls-files', '--', log)).toBe('');
    const damaged = waitingIn(spool).find((name) => name.endsWith('.damaged'))!;
    rmSync(join(spool, damaged));
    expect(daybook('sync').status).toBe(0);
  });
});
