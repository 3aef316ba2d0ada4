import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { expect, test } from 'vitest';
import { bookSizes, makeBook } from '../../bench/books/make.ts';
import { buildSite } from '../../src/build.ts';
import { temporaryFolder } from '../helpers.ts';

/** What bench/count.py counts: it knows the raw files and nothing of this program. */
interface Count {
  lines: number;
  actions: number;
  words: Record<string, number>;
  types: Record<string, number>;
  days: Record<string, number>;
  snapshots: number;
  runs: number;
  runWords: Record<string, number>;
  series: number;
  points: number;
}

test('what data files and pages of a book say is what a script counts that reads its raw files alone', async () => {
  const root = temporaryFolder();
  makeBook(root, { ...bookSizes.S, charted: 2 });
  // One line twice, and two actions that share a snapshot id: the first is one action, the second are two.
  const line = (type: string) =>
    `${JSON.stringify({ snapshot_id: 'action_20251117_120000_000001', snapshot_type: 'action', timestamp: '2025-11-17T12:00:00.000001Z', action: { type, status: 'completed', details: {} } })}\n`;
  const log = join(root, 'snapshots', 'action_log.jsonl');
  appendFileSync(log, line('task.created') + line('task.created') + line('decision.created'));
  const script = join(import.meta.dirname, '..', '..', 'bench', 'count.py');
  const counted: Count = JSON.parse(execFileSync('python3', [script, root], { encoding: 'utf8' }));
  const { out } = await buildSite({ root });
  const json = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));

  const actions = json('data/actions/index.json');
  expect([actions.total, actions.lines]).toEqual([counted.actions, counted.lines]);
  const { executing = 0, completed = 0, passed = 0, failed = 0 } = counted.words;
  const unknown = counted.actions - executing - completed - passed - failed;
  const byStatus = {
    pending: 0,
    running: executing,
    completed: completed + passed,
    failed,
    aborted: 0,
    unknown,
  };
  expect(actions.byStatus).toEqual(byStatus);
  expect(added(actions.shards.map((shard: { byType: object }) => shard.byType))).toEqual(counted.types);
  expect(added(actions.shards.map((shard: { byDay: object }) => shard.byDay))).toEqual(counted.days);
  expect(json('data/snapshots/index.json').ids).toHaveLength(counted.snapshots);
  const runs = json('data/runs/index.json');
  expect(runs.total).toBe(counted.runs);
  const { done, error, pending, running } = counted.runWords;
  expect(runs.byStatus).toMatchObject({ completed: done, failed: error, pending, running });
  expect(await rowsOfMetrics(join(out, 'data', 'runs'))).toBe(counted.points);

  const page = (name: string) => printed(readFileSync(join(out, `${name}.html`), 'utf8'));
  expect(page('index')).toContain(`of ${counted.actions} actions`);
  expect(page('index')).toMatch(
    new RegExp(`Snapshots ${counted.snapshots} .*Runs ${counted.runs} .*Failed runs ${error} `),
  );
  expect(page('actions')).toContain(`Actions ${counted.actions} recorded`);
  expect(page('actions')).toContain(
    `Status completed ${byStatus.completed} failed ${failed} running ${executing} unknown ${unknown}`,
  );
  for (const [type, count] of Object.entries(counted.types))
    expect(page('actions')).toContain(`${type} ${count}`);
  expect(page('snapshots')).toContain(`${counted.snapshots} snapshots.`);
  expect(page('runs')).toContain(`Runs ${counted.runs} recorded`);
  expect(page('runs')).toContain(`completed ${done} failed ${error} stale ${running} pending ${pending}`);
  expect(page('health')).toContain(
    `in ${counted.lines} lines, ${counted.snapshots} snapshots and ${counted.runs} runs`,
  );
  expect(page('lineage')).toContain(`No run of the ${counted.runs} here`);
});

/** Counts of several shards as one; those of a day are by status and are added up. */
function added(shards: Record<string, number | number[]>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, value] of shards.flatMap((shard) => Object.entries(shard))) {
    all[key] = [value].flat().reduce((sum, count) => sum + count, all[key] ?? 0);
  }
  return all;
}

async function rowsOfMetrics(folder: string): Promise<number> {
  let rows = 0;
  for (const name of readdirSync(folder).filter((file) => /^metrics-.*\.parquet$/.test(file))) {
    rows += Number((await parquetMetadataAsync(await asyncBufferFromFile(join(folder, name)))).num_rows);
  }
  return rows;
}

/** The words of a page as they stand one behind the other. */
function printed(html: string): string {
  const markup = html.replace(/<(script|style)\b.*?<\/\1>/gs, '');
  return markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}
