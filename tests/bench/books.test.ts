import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bookSizes, makeBook, runBooks } from '../../bench/books/make.ts';
import { readActions, readRuns } from '../../collector/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'daybook-books-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const size = { ...bookSizes.S, long: 1, longSteps: 3000 };

test('a book of a size is the same at every call, and has as many records as its size says', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  makeBook(one, size);
  makeBook(two, size);
  const log = 'snapshots/action_log.jsonl';
  expect(readFileSync(join(one, log)).equals(readFileSync(join(two, log)))).toBe(true);
  expect(readdirSync(join(one, 'snapshots'))).toHaveLength(size.snapshots + 1);
  const ids = new Map<string | undefined, number>();
  const totals = await readActions(
    one,
    ({ actionId }) => ids.set(actionId, (ids.get(actionId) ?? 0) + 1),
    () => {},
  );
  expect(totals.records).toBe(size.lines);
  expect([...ids].filter(([id, lines]) => id !== undefined && lines === 2).length).toBeGreaterThan(10);
  const runs = await readRuns(one, {}, () => {});
  expect(runs).toHaveLength(size.runs);
  expect(runs.filter(({ series }) => series.length === 20)).toHaveLength(size.charted);
  expect(runs.filter(({ series }) => series[0]?.count === size.longSteps)).toHaveLength(size.long);
});

test('a log by months has a file for each that is over', () => {
  const root = join(folder, 'monthly');
  makeBook(root, { ...bookSizes.S, days: 90, monthly: true });
  const names = readdirSync(join(root, 'snapshots')).filter((name) => name.startsWith('action_log'));
  expect(names).toEqual(['action_log-2025-11.jsonl', 'action_log-2025-12.jsonl', 'action_log.jsonl']);
  expect(existsSync(join(root, 'results', 'metadata.json'))).toBe(true);
});

test('books of runs alone have as many columns as they should, and runs that were made from others', async () => {
  const [wide, stages] = [join(folder, 'wide'), join(folder, 'stages')];
  runBooks.wide(wide, { runs: 20, params: 30, metrics: 20 });
  runBooks.stages(stages, 120);
  const broad = await readRuns(wide, {}, () => {});
  expect(broad).toHaveLength(20);
  expect(new Set(broad.flatMap(({ params }) => Object.keys(params))).size).toBe(30);
  expect(new Set(broad.flatMap(({ metrics }) => Object.keys(metrics))).size).toBe(20);
  const staged = await readRuns(stages, {}, () => {});
  expect(staged).toHaveLength(120);
  expect(staged.filter(({ parents }) => parents.length > 0).length).toBeGreaterThan(100);
});
