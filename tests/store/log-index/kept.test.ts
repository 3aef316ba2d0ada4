import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { countLog, indexedCounts } from '../../../collector/operations/count-log.ts';
import { KeptLog } from '../../../collector/store/log-index/database.ts';
import { withLogIndex } from '../../../collector/store/log-index/open.ts';
import { foreignLine, temporaryBook } from '../../helpers.ts';

const options = { build: 'test', leastBytes: 0 };

function book(lines = 30): string {
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
  const text = Array.from(
    { length: lines },
    (_, minute) => `${foreignLine({ at: at(minute), details: { minute } })}\n`,
  );
  return temporaryBook({ 'snapshots/action_log.jsonl': text.join('') });
}

const database = (root: string) => join(root, '.daybook/cache/log.db');

it('is kept out of git and only for the one who made it', async () => {
  const root = book();
  await indexedCounts(root, options);
  expect(readFileSync(join(root, '.daybook/.gitignore'), 'utf8')).toBe('*\n');
  expect(existsSync(database(root))).toBe(true);
});

it('is made again where it was deleted, emptied, cut or overwritten', async () => {
  const root = book();
  const fresh = await countLog(root, systemClock);
  for (const damage of [
    () => rmSync(database(root)),
    () => writeFileSync(database(root), ''),
    () => writeFileSync(database(root), readFileSync(database(root)).subarray(0, 20_000)),
    () => writeFileSync(database(root), 'something else '.repeat(5000)),
    () => {
      rmSync(database(root));
      mkdirSync(database(root));
    },
  ]) {
    expect(await indexedCounts(root, options)).toEqual(fresh);
    damage();
    expect(await indexedCounts(root, options)).toEqual(fresh);
  }
});

it('of another build, or of another form, is not believed', async () => {
  const root = book();
  await indexedCounts(root, options);
  expect(KeptLog.open(root, 'test')).toBeDefined();
  expect(KeptLog.open(root, 'other')).toBeUndefined();
});

it('answers without being kept where nothing can be written', async () => {
  const root = book();
  const fresh = await countLog(root, systemClock);
  writeFileSync(join(root, '.daybook'), 'in the way');
  expect(await indexedCounts(root, options)).toEqual(fresh);
});

it('does not read a log again that was at rest, and sees the next change of it all the same', async () => {
  const root = book();
  const log = join(root, 'snapshots/action_log.jsonl');
  const later = vi
    .spyOn(Date, 'now')
    .mockImplementation(() => performance.timeOrigin + performance.now() + 60_000);
  try {
    await indexedCounts(root, options);
    const stamp = KeptLog.open(root, 'test')!.stamp;
    await indexedCounts(root, options);
    expect(KeptLog.open(root, 'test')!.stamp).toBe(stamp);
    expect(KeptLog.open(root, 'test')!.state.segments[0]!.isAtRest).toBe(true);
    const same = readFileSync(log, 'utf8').replace('"build"', '"dliub"');
    await new Promise((resolve) => setTimeout(resolve, 30));
    writeFileSync(log, same);
    expect((await indexedCounts(root, options)).byType).toContainEqual({ type: 'dliub', count: 1 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    appendFileSync(log, `${foreignLine({ at: '2026-01-02T00:00:00Z', type: 'new' })}\n`);
    expect((await indexedCounts(root, options)).byType).toContainEqual({ type: 'new', count: 1 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    writeFileSync(
      join(root, 'snapshots/action_log_old.jsonl'),
      `${foreignLine({ at: '2025-01-02T00:00:00Z', type: 'old' })}\n`,
    );
    expect((await indexedCounts(root, options)).byType).toContainEqual({ type: 'old', count: 1 });
  } finally {
    later.mockRestore();
  }
});

it('says so where a line is another one by the time it is read', async () => {
  const root = book();
  const log = join(root, 'snapshots/action_log.jsonl');
  const reading = withLogIndex(root, options, (index) => {
    writeFileSync(log, readFileSync(log, 'utf8').replaceAll('action_2025', 'action_1999'));
    return index.read([0]);
  });
  await expect(reading).rejects.toThrow();
});
