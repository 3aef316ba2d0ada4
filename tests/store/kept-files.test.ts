import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import { examineBook } from '../../collector/operations/health/doctor.ts';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { fieldHistory } from '../../collector/operations/snapshots/field-history.ts';
import { KeptFiles } from '../../collector/store/kept-files.ts';
import { readPeriodicFacts } from '../../collector/store/periodic-facts.ts';
import { readAllPeriodic } from '../../collector/store/periodic-store.ts';
import { countBookRuns } from '../../collector/store/runs/count-runs.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';

// Files of a test were all changed just now: a minute later they are at rest.
beforeEach(() => {
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 60_000);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 30));

async function askFor(root: string, paths: string[], build: string | undefined = 'test'): Promise<string[]> {
  const read: string[] = [];
  const kept = new KeptFiles(root, 'sample.json', build);
  for (const path of paths) {
    await kept.of(path, () => {
      read.push(path);
      return `of ${path}`;
    });
  }
  kept.save();
  return read;
}

it('reads a file once as long as it is as it was', async () => {
  const root = temporaryBook({ 'a.txt': 'a', 'b.txt': 'b' });
  expect(await askFor(root, ['a.txt', 'b.txt'])).toEqual(['a.txt', 'b.txt']);
  expect(await askFor(root, ['a.txt', 'b.txt'])).toEqual([]);
  expect(await askFor(root, ['a.txt', 'b.txt'], 'other build')).toEqual(['a.txt', 'b.txt']);
  expect(await askFor(root, ['a.txt', 'b.txt'], 'other build')).toEqual([]);
  await pause();
  writeFileSync(join(root, 'a.txt'), 'c');
  // The time of its last change cannot be set back.
  utimesSync(join(root, 'a.txt'), 1, 1);
  expect(await askFor(root, ['a.txt', 'b.txt'], 'other build')).toEqual(['a.txt']);
});

it('keeps nothing of a file that was changed a moment ago', async () => {
  vi.restoreAllMocks();
  const root = temporaryBook({ 'a.txt': 'a' });
  expect(await askFor(root, ['a.txt'])).toEqual(['a.txt']);
  expect(await askFor(root, ['a.txt'])).toEqual(['a.txt']);
});

it('does not believe what was damaged', async () => {
  const root = temporaryBook({ 'a.txt': 'a' });
  await askFor(root, ['a.txt']);
  const path = join(root, '.daybook/cache/sample.json');
  for (const damage of ['', '{}\n', '{"build":"test","files":{"a.txt":["",1]}}\n']) {
    writeFileSync(path, damage);
    expect(await askFor(root, ['a.txt'])).toEqual(['a.txt']);
  }
});

const metrics = [
  '{"timestamp":"2026-01-01T00:00:00Z","step":0,"loss":1.5,"odd":"NaN","low":-0.0}',
  '{"timestamp":"2026-01-01T00:01:00Z","step":1,"loss":0.5,"odd":"-Infinity","low":-0.0}',
  'no json',
].join('\n');

const runBook = () =>
  temporaryBook({
    'runs/a/metrics.jsonl': metrics,
    'runs/b/metrics.jsonl': metrics,
    'runs/b/complete_summary.json': '{"best_metrics":{"loss":{"value":0.1}}}',
  });

it('gives the same runs, counts and findings from what was kept', async () => {
  const root = runBook();
  const all = async (build?: string) => {
    const findings: Finding[] = [];
    const runs = await readBookRuns(root, (finding) => findings.push(finding), build);
    return { runs, findings, counts: await countBookRuns(root, { build }) };
  };
  const fresh = await all();
  expect(fresh.runs.find(({ place }) => place === 'runs/a')!.metrics['odd']).toBe(Number.NEGATIVE_INFINITY);
  expect(fresh.findings.map(({ code }) => code)).toContain('best-differs');
  expect(await all('test')).toEqual(fresh);
  expect(await all('test')).toEqual(fresh);
  await pause();
  writeFileSync(join(root, 'runs/a/metrics.jsonl'), metrics.replace('0.5', '0.7'));
  const changed = await all();
  expect(changed).not.toEqual(fresh);
  expect(await all('test')).toEqual(changed);
});

it('gives the same snapshots and findings from what was kept', async () => {
  const snapshot = (at: string, more = '') => `{"snapshot_type":"periodic","timestamp":"${at}"${more}}`;
  const root = temporaryBook({
    'snapshots/periodic_20260101_000000.json': snapshot('2026-01-02T00:00:00Z'),
    'snapshots/periodic_20260101_010000.json': snapshot(
      '2026-01-01T01:00:00Z',
      ',"system_state":{"health":"failing"}',
    ),
    'snapshots/periodic_20260101_020000.json': '{',
    'snapshots/periodic_odd.json': snapshot('never'),
  });
  const fresh: unknown[] = [];
  const note = (to: unknown[]) => (finding: Finding) => void to.push(finding);
  readAllPeriodic(
    root,
    ({ id, atUs, health, file, bytes }) => fresh.push({ id, atUs, health, file, bytes }),
    note(fresh),
  );
  expect(fresh).toHaveLength(5);
  for (const build of [undefined, 'test', 'test']) {
    const kept: unknown[] = [];
    await readPeriodicFacts(root, build, (facts) => kept.push(facts), note(kept));
    expect(kept).toEqual(fresh);
  }
});

it('finds in a quick examination what the whole one finds', async () => {
  const root = runBook();
  writeFileSync(join(root, 'snapshots/action_log.jsonl'), 'broken\n{"action":{"type":"a"}}\n');
  const examine = async (quick: boolean, build?: string) =>
    (await examineBook(root, { repair: false, clock: systemClock, quick, build })).findings;
  const whole = await examine(false);
  expect(whole.length).toBeGreaterThan(3);
  for (let times = 0; times < 2; times++) expect(await examine(true, 'test')).toEqual(whole);
});

it('gives the same history of a field from what was kept', async () => {
  const snapshot = (day: number, n: unknown) =>
    `{"snapshot_type":"periodic","timestamp":"2026-01-0${day}T00:00:00Z","a":{"n":${n},"list":[{"name":"x","v":${day}}]}}`;
  const path = (day: number) => `snapshots/periodic_2026010${day}_000000.json`;
  const root = temporaryBook({
    [path(1)]: snapshot(1, 1),
    [path(2)]: snapshot(2, '12345678901234567890.10'),
    [path(3)]: '{"snapshot_type":"periodic","timestamp":"2026-01-03T00:00:00Z"}',
    [path(4)]: '{',
    [path(5)]: snapshot(5, null),
    'snapshots/periodic_20260105_000000_10.json': snapshot(7, 10),
    'snapshots/periodic_20260105_000000_2.json': snapshot(6, 2),
  });
  const same = async () => {
    for (const field of ['a.n', 'a.list[name=x].v', 'a']) {
      const fresh = await fieldHistory({ root, path: field });
      for (let times = 0; times < 2; times++)
        expect(await fieldHistory({ root, path: field, build: 'test' })).toEqual(fresh);
    }
  };
  await same();
  expect((await fieldHistory({ root, path: 'a.n', build: 'test' })).damaged).toBe(1);
  await pause();
  writeFileSync(join(root, path(1)), snapshot(1, 7));
  writeFileSync(join(root, path(8)), snapshot(8, 8));
  await same();
  await expect(fieldHistory({ root, path: 'a.m', build: 'test' })).rejects.toThrow(
    'No snapshot has a field "a.m".',
  );
});

it('finds in a large log whose bytes are as they were what reading its lines finds, and every change of them', async () => {
  const lines = Array.from(
    { length: 24_000 },
    (_, n) => `${foreignLine({ details: { n, text: 'x'.repeat(150) } })}\n`,
  );
  lines[7] = 'broken\n';
  const root = temporaryBook({ 'snapshots/action_log.jsonl': lines.join('') });
  const log = join(root, 'snapshots/action_log.jsonl');
  const examine = (build?: string) => examineBook(root, { repair: false, clock: systemClock, build });
  const whole = await examine();
  expect(whole.findings.map(({ code }) => code)).toContain('broken-json');
  for (let times = 0; times < 2; times++) expect(await examine('test')).toEqual(whole);
  lines[9] = lines[9]!.replace('{', '[');
  writeFileSync(log, lines.join(''));
  const changed = await examine('test');
  expect(changed).not.toEqual(whole);
  expect(changed).toEqual(await examine());
});
