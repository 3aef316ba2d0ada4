import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const real = fileURLToPath(new URL('../fixtures/tasks/failure.tasks.db', import.meta.url));

function bookWithRealSweep(): string {
  const root = temporaryBook();
  mkdirSync(join(root, 'sweep'));
  copyFileSync(real, join(root, 'sweep/run.lock.tasks.db'));
  return root;
}

/** A sweep in use: its writer keeps it open, and what it wrote last stands in the file beside it. */
function openSweep(root: string, columns = ', snapshot TEXT'): DatabaseSync {
  mkdirSync(join(root, 'live'));
  const database = new DatabaseSync(join(root, 'live/run.lock.tasks.db'));
  onTestFinished(() => database.close());
  database.exec('PRAGMA journal_mode=WAL');
  database.exec(
    `CREATE TABLE tasks (task_id TEXT PRIMARY KEY, task_info TEXT, result_info TEXT, status TEXT DEFAULT 'pending', node TEXT, error TEXT, ts_start DATETIME, ts_end DATETIME${columns})`,
  );
  return database;
}

describe('daybook tasks', () => {
  it('counts, lists and explains what the real program wrote', async () => {
    const root = bookWithRealSweep();
    expect((await run(root, ['tasks'])).out).toBe(
      'sweep/run.lock.tasks.db  2 of 2 over (100 %)\n  ● done    1\n  ✕ failed  1\n',
    );
    expect((await run(root, ['tasks', 'sweep', '--all'])).out).toContain(
      '  ✕ failed  2c7bd9b40c  local  2026-11-20 16:04:22  0 ms\n',
    );
    const { out } = await run(root, ['tasks', '--failed']);
    expect(out).toContain(
      '✕ 2c7bd9b40c local, 2026-11-20 16:04:22\n    task_id: 1\n    This task is designed to fail\n',
    );
    expect(out).not.toContain('fc0a6d8aac');
    const [sweep] = JSON.parse((await run(root, ['tasks', '--json', '--status', 'done'])).out);
    expect(sweep).toMatchObject({
      counts: { done: 1, failed: 1 },
      tasks: [
        {
          status: 'done',
          values: { task_id: 0 },
          result: { status: 'completed' },
          started_at: '2026-11-20T16:04:22.000000Z',
        },
      ],
    });
  });

  it('writes the receipts of tasks once, and never over anything', async () => {
    const root = bookWithRealSweep();
    expect(await run(root, ['tasks', '--export', 'out', '--task', '2c7b'])).toMatchObject({
      out: 'out/task_2c7bd9b4/run.lock\n',
      problem: '1 receipt written\n',
    });
    expect((await run(root, ['tasks', '--export', 'out'])).problem).toBe(
      '1 receipt written, 1 there already\n',
    );
    writeFileSync(join(root, 'out/task_2c7bd9b4/run.lock'), 'timestamp: mine\n');
    expect((await run(root, ['tasks', '--export', 'out'])).out).toBe('out/task_2c7bd9b40cc73cd5/run.lock\n');
    expect(readFileSync(join(root, 'out/task_2c7bd9b4/run.lock'), 'utf8')).toBe('timestamp: mine\n');
    expect((await run(root, ['runs', '--json'])).out).toContain('"out/task_fc0a6d8a"');
  });

  it('reads a sweep in use without leaving a trace, numbers with all their digits', async () => {
    const root = temporaryBook();
    const database = openSweep(root);
    const snapshot =
      '{"timestamp": "2026-01-01T00:00:00", "config": {"id": 12345678901234567890, "lr": 1.0}}';
    const insert = database.prepare(
      'INSERT INTO tasks (task_id, task_info, status, snapshot) VALUES (?, ?, ?, ?)',
    );
    insert.run('ab'.repeat(20), 'lr: 0.1\n_target_: x\n', 'running', snapshot);
    insert.run('cd'.repeat(20), 'lr: [\n', 'odd', null);
    const before = readdirSync(join(root, 'live'));
    const { out, problem } = await run(root, ['tasks', '--all']);
    expect(out).toContain('0 of 2 over (0 %)');
    expect(out).toContain('? odd');
    expect(problem).toContain('not read whole: cdcdcdcdcd: task_info:');
    expect(readdirSync(join(root, 'live'))).toEqual(before);
    expect((await run(root, ['tasks', '--export', 'o'])).problem).toBe(
      '1 receipt written, 1 without a receipt in the database\n',
    );
    expect(readFileSync(join(root, 'o/task_abababab/run.lock'), 'utf8')).toContain(
      'id: 12345678901234567890\n  lr: 1.0\n',
    );
  });

  it('reads databases from before they held receipts', async () => {
    const root = temporaryBook();
    openSweep(root, '').exec("INSERT INTO tasks (task_id) VALUES ('ff')");
    expect((await run(root, ['tasks'])).out).toContain('○ pending  1');
  });

  it('follows a sweep until it is over', async () => {
    const root = temporaryBook();
    const database = openSweep(root);
    database.exec("INSERT INTO tasks (task_id, status) VALUES ('a', 'running')");
    setTimeout(() => database.exec("UPDATE tasks SET status = 'done'"), 300);
    const { out, exitCode } = await run(root, ['tasks', '--watch', '--interval', '1']);
    expect(exitCode).toBe(0);
    expect(out).toContain('0 of 1 over');
    expect(out).toContain('1 of 1 over (100 %)');
  });

  it.each([
    [['tasks', 'nope'], 3],
    [['tasks', '--status', 'odd'], 2],
    [['tasks', '--task', 'a'], 2],
    [['tasks', 'text.tasks.db'], 1],
    [['tasks', 'empty.tasks.db'], 1],
  ])('says what is wrong: %s', async (argv, exitCode) => {
    const root = temporaryBook({ 'text.tasks.db': 'no database', 'empty.tasks.db': '' });
    expect(await run(root, argv as string[])).toMatchObject({ exitCode, out: '' });
  });
});
