import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { writeSampleLog } from '../../bench/sample-log.ts';
import { repositoryRoot } from '../../scripts/repository-root.ts';

const book = mkdtempSync(join(tmpdir(), 'daybook-memory-'));
afterAll(() => rmSync(book, { recursive: true, force: true }));

const log = join(book, 'snapshots/action_log.jsonl');
const memory = join(book, '.daybook/cache/log.json');
const daybook = join(repositoryRoot, 'dist/daybook.cjs');
const counts = (text: string) => {
  const { actions, log, findings } = JSON.parse(text) as Record<string, unknown>;
  return { actions, log, findings };
};
const summary = () => {
  const { stdout } = spawnSync(process.execPath, [daybook, 'summary', '--json'], {
    cwd: book,
    encoding: 'utf8',
  });
  return counts(stdout);
};

it('remembers a log that is at rest, tells what was appended since, and many at once do not mind each other', async () => {
  mkdirSync(join(book, 'snapshots'));
  writeSampleLog(log, 500, 'daybook');
  const first = summary();
  expect(first).toMatchObject({ actions: 500, log: { lines: 500, broken: 0 } });
  // It was read within the time in which another change might go unnoticed.
  expect(existsSync(memory)).toBe(false);
  await sleep(2_600);
  const many = () =>
    Promise.all(
      Array.from({ length: 6 }, () =>
        promisify(execFile)(process.execPath, [daybook, 'summary', '--json'], { cwd: book }),
      ),
    );
  for (const { stdout } of [...(await many()), ...(await many())]) expect(counts(stdout)).toEqual(first);
  expect(existsSync(memory)).toBe(true);
  if (process.platform !== 'win32') expect(statSync(memory).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(book, '.daybook/.gitignore'), 'utf8')).toBe('*\n');
  spawnSync(process.execPath, [daybook, 'action', 'deploy', '--quiet'], { cwd: book });
  expect(summary()).toMatchObject({ actions: 501, log: { lines: 501 } });
});
