import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isOverdue, readLineage } from '../../../collector/operations/sync/branch/lineage.ts';
import { squashHistory } from '../../../collector/operations/sync/branch/squash.ts';
import { findSyncPlace } from '../../../collector/operations/sync/place.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { git, makeClones, write } from './clones.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
  delete process.env['GIT_COMMITTER_DATE'];
});

/** Lets git and us take it for this day. */
function onDay(day: number): void {
  vi.setSystemTime(startMs + day * dayMs);
  process.env['GIT_COMMITTER_DATE'] = `${(startMs + day * dayMs) / 1000} +0000`;
}

function record(root: string, id: string): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  appendFileSync(join(root, 'snapshots/action_log.jsonl'), `{"snapshot_id":"${id}"}\n`);
}

const linesOf = (bare: string) => git(bare, 'show', 'daybook:snapshots/action_log.jsonl').split('\n').sort();
const days = (count: number) =>
  Array.from({ length: count }, (_, day) => `{"snapshot_id":"day${day}"}`).sort();

it.each([
  ['whole', []],
  ['shallow', ['--depth', '1']],
])('what is older than sync.history becomes one commit, by a %s clone too', async (_, options) => {
  const { bare, clones } = makeClones(2, 'daybook');
  const [a = '', b = ''] = clones;
  const fresh = join(bare, '../fresh');
  for (let day = 0; day < 20; day++) {
    onDay(day);
    record(a, `day${day}`);
    await syncBook(a);
  }
  await syncBook(b);
  expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('20');
  git(join(bare, '..'), 'clone', '--quiet', ...options, `file://${bare}`, fresh);
  write(fresh, 'daybook.yaml', 'sync: {branch: daybook, history: 5d}\n');
  onDay(20);
  record(fresh, 'day20');
  const { notes, commit } = await syncBook(fresh);
  expect(notes).toEqual([
    'The 16 oldest commits of origin/daybook are one now (sync.history in daybook.yaml).',
  ]);
  expect(git(bare, 'rev-parse', 'daybook')).toBe(commit);
  const subjects = git(bare, 'log', '--format=%cd', '--date=format:%d', 'daybook').split('\n');
  expect(subjects).toEqual(['21', '20', '19', '18', '17', '16']);
  expect(readLineage(git(bare, 'log', '-1', '--format=%B', 'daybook'))).toMatchObject({
    count: 21,
    sinceMs: startMs + 15 * dayMs,
  });
  expect(linesOf(bare)).toEqual(days(21));
  // One who pushed on the old history meanwhile notices, and nothing is lost or doubled.
  record(b, 'day21');
  expect(await syncBook(b)).toMatchObject({ pushed: true, conflicts: [], renamed: [] });
  expect(linesOf(bare)).toEqual(days(22));
  expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('7');
  // The next is not due before more has gathered.
  onDay(21);
  record(fresh, 'day22');
  expect((await syncBook(fresh)).notes).toEqual([]);
});

it('gives way to one who pushed after it had read the branch', async () => {
  const { bare, clones } = makeClones(2, 'daybook');
  const [a = '', b = ''] = clones;
  for (let day = 0; day < 4; day++) {
    onDay(day);
    record(a, `day${day}`);
    await syncBook(a);
  }
  const place = await findSyncPlace(a, { branch: 'daybook', push: true });
  const tip = git(bare, 'rev-parse', 'daybook');
  record(b, 'day4');
  await syncBook(b);
  expect(await squashHistory(place, tip, 0, startMs + 30 * dayMs)).toBeUndefined();
  expect(linesOf(bare)).toEqual(days(5));
  await syncBook(a);
  const now = git(bare, 'rev-parse', 'daybook');
  expect(await squashHistory(place, now, 0, startMs + 30 * dayMs)).toMatchObject({ commits: 5 });
  place.objects.close();
  expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('1');
  expect(git(bare, 'rev-parse', 'daybook^{tree}')).toBe(git(a, 'rev-parse', `${now}^{tree}`));
  record(b, 'day5');
  await syncBook(b);
  expect(linesOf(bare)).toEqual(days(6));
});

it('does not bring the old history back where the branch is checked out', async () => {
  const { bare, clones } = makeClones(2, 'daybook');
  const [a = '', b = ''] = clones;
  for (let day = 0; day < 3; day++) {
    onDay(day);
    record(a, `day${day}`);
    await syncBook(a);
  }
  git(b, 'fetch', '--quiet');
  git(b, 'checkout', '--quiet', 'daybook');
  const place = await findSyncPlace(a, { branch: 'daybook', push: true });
  await squashHistory(place, git(bare, 'rev-parse', 'daybook'), 0, startMs + 30 * dayMs);
  place.objects.close();
  record(b, 'day3');
  expect(await syncBook(b)).toMatchObject({ pushed: true, moved: true, conflicts: [] });
  expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('2');
  expect(linesOf(bare)).toEqual(days(4));
  expect(git(b, 'status', '--porcelain')).toBe('');
});

it('waits until a tenth more has gathered than is kept, and a day at least', () => {
  const lineage = { id: 'a', count: 9, sinceMs: 0 };
  expect(isOverdue(lineage, 90 * dayMs, 98 * dayMs)).toBe(false);
  expect(isOverdue(lineage, 90 * dayMs, 100 * dayMs)).toBe(true);
  expect(isOverdue(lineage, dayMs, 1.9 * dayMs)).toBe(false);
  expect(isOverdue(lineage, dayMs, 2.1 * dayMs)).toBe(true);
});
