import { afterEach, expect, it } from 'vitest';
import { syncStats } from '../../../collector/operations/sync/stats.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { run } from '../../cli/run.ts';
import { git, makeClones, write } from './clones.ts';

afterEach(() => {
  delete process.env['GIT_COMMITTER_DATE'];
});

it.each([undefined, 'daybook'])('tells how the book on the branch %s has grown', async (branch) => {
  const { bare, clones } = makeClones(1, branch);
  const [a = ''] = clones;
  if (branch !== undefined) expect(await syncStats(a)).toBeUndefined();
  for (let day = 0; day < 10; day++) {
    // Thursday, January 1st, to Saturday of the week that follows.
    process.env['GIT_COMMITTER_DATE'] = `2026-01-${String(day + 1).padStart(2, '0')}T12:00:00Z`;
    write(a, 'snapshots/notes.txt', `${day} ${'x'.repeat(1000 * day)}\n`);
    await syncBook(a);
  }
  const stats = (await syncStats(a))!;
  expect(stats).toMatchObject({ branch: branch ?? 'main', commits: 10, isPartial: false });
  expect(stats.weeks.map(({ week, commits }) => [week, commits])).toEqual([
    ['2025-12-29', 4],
    ['2026-01-05', 6],
  ]);
  expect(stats.weeks.every(({ bytes }) => bytes > 0)).toBe(true);
  expect(stats.weeks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(stats.bytes);
  expect(stats.bytesOfNewest).toBeLessThan(stats.bytes / 3);
  expect(stats.last[0]).toMatchObject({
    at: '2026-01-10T12:00:00.000Z',
    commit: git(bare, 'rev-parse', branch ?? 'main'),
  });
  const { out } = await run(a, ['sync', '--stats']);
  expect(out).toContain('10 commits of the book');
  expect(out).toContain('less if all history were one commit');
});
