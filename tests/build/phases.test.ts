import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildSite } from '../../src/build.ts';
import { type PhaseReport, Phases } from '../../src/data/book/phases.ts';
import { temporaryBook } from '../helpers.ts';

const line =
  '{"snapshot_id":"a","snapshot_type":"action","timestamp":"2026-11-20T00:00:00Z","action":{"type":"t","status":"completed","details":{}}}\n';
const snapshot =
  '{"snapshot_id":"periodic_20261120_000000","snapshot_type":"periodic","timestamp":"2026-11-20T00:00:00Z","a":1}';

const allFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

it('a build says what its parts took: every file is counted once, as written or as it stood', async () => {
  const root = temporaryBook({
    'snapshots/action_log.jsonl': line,
    'snapshots/periodic_20261120_000000.json': snapshot,
  });
  const said: string[] = [];
  const first = await buildSite({ root }, { progress: (text) => said.push(text) });
  // Files are told by their times, which a disk keeps in steps.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await buildSite({ root });
  const sum = (phases: PhaseReport[], of: 'ms' | 'written' | 'reused') =>
    phases.reduce((all, phase) => all + phase[of], 0);
  const names = [
    'actions',
    'snapshots',
    'runs',
    'versions',
    'code',
    'pages',
    'data',
    'elsewhere',
    'secrets',
    'place',
  ];
  for (const { phases, out, durationMs } of [first, again]) {
    expect(phases.map(({ phase }) => phase)).toEqual(names);
    expect(sum(phases, 'written') + sum(phases, 'reused')).toBe(allFiles(out));
    expect(sum(phases, 'ms')).toBeLessThanOrEqual(durationMs);
  }
  expect(sum(first.phases, 'reused')).toBe(0);
  const of = (phases: PhaseReport[], name: string) => phases.find(({ phase }) => phase === name)!;
  for (const kind of ['actions', 'snapshots']) {
    expect(of(first.phases, kind).bytes).toBeGreaterThan(0);
    expect(of(again.phases, kind)).toMatchObject({
      written: 0,
      reused: of(first.phases, kind).written,
      bytes: 0,
    });
  }
  expect(of(again.phases, 'pages')).toMatchObject({ reused: 1 });
  expect(said).toContain('rendering pages');
  expect(allFiles(join(root, 'dashboard'))).toBeGreaterThan(20);
});

it('a part that comes again goes on where it ended, and parts stand in the order of a build', () => {
  const phases = new Phases();
  phases.begin('secrets');
  phases.begin('packing');
  phases.begin('secrets');
  phases.count('pages', 7, false);
  phases.count('pages', 9, true);
  const reports = phases.end();
  expect(reports.map(({ phase }) => phase)).toEqual(['pages', 'secrets', 'packing']);
  expect(reports[0]).toMatchObject({ written: 1, reused: 1, bytes: 7 });
});
