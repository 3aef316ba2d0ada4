import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { fieldHabits, noHabits, parentPath, rankChanges } from '../../../src/data/snapshots/ranking.ts';
import { countReadings, readingRows, tellingRows } from '../../../src/data/snapshots/readings.ts';
import { measureText, unitOf } from '../../../src/data/values/unit.ts';

const ranked = (before: JsonObject, after: JsonObject, habits = noHabits) => {
  const { telling, readings } = rankChanges(differences(before, after), habits);
  return { telling: telling.map(({ path }) => path), readings: readings.map(({ path }) => path) };
};
const field = (path: string, changes: number) => ({ path, value: 1, changes, sinceUs: 0, sinceId: 'a' });
const snapshots = (count: number) => Array.from({ length: count }, () => ({}) as never);

describe('ranking of changes', () => {
  it('tells words first, then commits, what came and went, counts; what is measured is a reading', () => {
    const before = {
      machine: {
        uptime: 4558,
        load_average: [0.75, 1.08],
        free_bytes: 24_469_180_416,
        checked: '2026-11-21T06:09:34Z',
      },
      modules: { api: { version: '1.2' } },
      tests: { passed: 511, coverage: 0.912 },
      code: { head: '9e07d31', dirty: [] },
      rail: { deployment: 'stable', published: true },
    };
    const after = {
      machine: {
        uptime: 4559,
        load_average: [0.69, 1.95],
        free_bytes: 24_485_232_640,
        checked: '2026-11-21T06:39:34Z',
      },
      modules: { api: { version: '1.2' }, web: { version: '0.1' } },
      tests: { passed: 512, coverage: 0.915 },
      code: { head: 'd70fae6', dirty: ['a.txt'] },
      rail: { deployment: 'degraded', published: false },
    };
    expect(ranked(before, after)).toEqual({
      telling: [
        'rail.deployment',
        'rail.published',
        'code.head',
        'modules.web',
        'tests.passed',
        'code.dirty[0]',
      ],
      readings: [
        'machine.uptime',
        'machine.load_average[0]',
        'machine.load_average[1]',
        'machine.free_bytes',
        'machine.checked',
        'tests.coverage',
      ],
    });
  });

  it('takes a status for telling whatever its words, and a disk that lost half for news', () => {
    expect(
      ranked(
        { job: { status: 'exit 0' }, disk_free_bytes: 80_000_000_000, a: 'one' },
        {
          job: { status: 'exit 137' },
          disk_free_bytes: 8_000_000_000,
          a: 'a sentence of many words that says much more',
        },
      ),
    ).toEqual({ telling: ['job.status', 'a', 'disk_free_bytes'], readings: [] });
  });

  it('learns from the book which numbers are another at every look', () => {
    const change = [{ queue: { waiting: 12, workers: 2 } }, { queue: { waiting: 40, workers: 3 } }] as const;
    const fields = [field('queue.waiting', 17), field('queue.workers', 2)];
    expect(ranked(...change).telling).toEqual(['queue.waiting', 'queue.workers']);
    expect(ranked(...change, fieldHabits({ fields, snapshots: snapshots(20) }))).toEqual({
      telling: ['queue.workers'],
      readings: ['queue.waiting'],
    });
    const young = fieldHabits({ fields: [field('queue.waiting', 2)], snapshots: snapshots(3) });
    expect(ranked(...change, young).telling).toHaveLength(2);
  });

  it('tells the state of a check in a list whose other values move always', () => {
    const checks = (state: string, latency_ms: number) => ({ checks: [{ name: 'api', state, latency_ms }] });
    const habits = fieldHabits({ fields: [field('checks', 19)], snapshots: snapshots(20) });
    expect(ranked(checks('passing', 12), checks('failing', 900), habits)).toEqual({
      telling: ['checks.api.state'],
      readings: ['checks.api.latency_ms'],
    });
    expect(ranked(checks('passing', 12), { checks: [] }, habits).telling).toEqual(['checks.api']);
  });

  it('never takes a word for a reading, however often it changes', () => {
    const habits = fieldHabits({
      fields: [field('git.head', 19), field('rail', 19)],
      snapshots: snapshots(20),
    });
    const result = ranked(
      { git: { head: 'aaaaaa1' }, rail: 'up' },
      { git: { head: 'bbbbbb2' }, rail: 'down' },
      habits,
    );
    expect(result).toEqual({ telling: ['rail', 'git.head'], readings: [] });
  });
});

describe('readings in words', () => {
  const processes = (list: [number, string, number][]) => ({
    load: [1.5, 1.2],
    count: list.length,
    processes: list.map(([pid, name, cpu_seconds]) => ({ pid, name, cpu_seconds })),
  });
  const before = processes([
    [1, 'init', 15],
    [70, 'node', 2],
    [71, 'sh', 0.1],
    [73, 'sh', 0.1],
  ]);
  const after = {
    ...processes([
      [1, 'init', 16],
      [70, 'node', 3],
      [90, 'bash', 0.2],
    ]),
    load: [1.6, 1.2],
  };
  const habits = fieldHabits({ fields: [field('load', 1), field('processes', 1)], snapshots: snapshots(2) });

  it('gather a table of processes into one line', () => {
    const { telling, readings } = rankChanges(differences(before, after), habits);
    expect(telling).toEqual([]);
    expect(
      readingRows(readings, habits).map(({ path, before: old, after: now }) => [path, old, now]),
    ).toEqual([
      ['load[0]', '1.5', '1.6'],
      ['count', '4', '3'],
      ['processes', undefined, '1 came (bash), 2 went (sh), 2 values moved'],
    ]);
    expect(countReadings(readings, habits)).toBe(3);
  });

  it('name a unit by the name of the field', () => {
    expect(
      ['free_bytes', 'durationMs', 'uptime', 'cpu_seconds', 'bytes_read', 'status', 'class', 'backup_s'].map(
        unitOf,
      ),
    ).toEqual(['bytes', 'ms', 'seconds', 'seconds', undefined, undefined, undefined, 'seconds']);
    expect([measureText(4558, 'uptime'), measureText(0.28, 'cpu_seconds'), measureText(3, 'count')]).toEqual([
      '1 h 16 min',
      '280 ms',
      undefined,
    ]);
  });
});

describe('many records of one list', () => {
  const came = (id: string, type: string) => ({
    kind: 'added' as const,
    path: `workflows.completed.${id}`,
    before: undefined,
    after: { id, type, status: 'completed' },
    amount: undefined,
  });
  const head = { kind: 'changed' as const, path: 'git.head', before: 'a', after: 'b', amount: undefined };

  it('are told together, where the first of them stands', () => {
    const rows = tellingRows([head, came('x', 'build'), came('y', 'test'), came('z', 'build')]);
    expect(rows.map(({ path, after }) => [path, after])).toEqual([
      ['git.head', 'b'],
      ['workflows.completed', '3 came (build, test)'],
    ]);
  });

  it('are told one by one while they are few', () => {
    expect(tellingRows([came('x', 'build'), came('y', 'test')])).toHaveLength(2);
  });
});

describe('the parent of a path', () => {
  it('is shorter than the path, whatever stands in the names of fields', () => {
    const chain = (path: string) => {
      const all: string[] = [];
      for (let at = path; at !== ''; at = parentPath(at)) all.push(at);
      return all;
    };
    expect(chain('a.b[3].c')).toEqual(['a.b[3].c', 'a.b[3]', 'a.b', 'a']);
    expect(chain('x["a[b"]["c.d\\"]"]')).toEqual(['x["a[b"]["c.d\\"]"]', 'x["a[b"]', 'x']);
    expect(chain('x["a')).toEqual(['x["a']);
  });
});
