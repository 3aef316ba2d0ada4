import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudEvent } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../collector/base/hash.ts';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, run } from './run.ts';

const runsBook = join(import.meta.dirname, '../fixtures/runs-book');
const exported = (...argv: string[]) => run(runsBook, ['export', '--dir', runsBook, ...argv]);
const linesOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const key = 'experiments/20250720-175542-My_Experiment';

const line = (id: string, details: object) =>
  JSON.stringify({
    snapshot_id: id,
    snapshot_type: 'action',
    timestamp: '2026-11-20T10:00:00Z',
    action: { type: 'deploy', status: 'completed', details },
  });
const log = `${line('action_1', { to: 'live' })}\n${line('action_2', { api_key: 'hunter2hunter2' })}\n`;

describe('daybook export --as', () => {
  it('hands out one run, and all runs a line each', async () => {
    const one = await exported(key, '--as', 'slsa');
    expect([one.exitCode, one.problem]).toEqual([0, '']);
    expect(linesOf(one.out)).toHaveLength(1);
    const all = await exported('runs', '--as', 'slsa');
    expect(linesOf(all.out)).toHaveLength(21);
    for (const { subject } of linesOf(all.out)) expect(subject[0].digest.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('hands out actions as events that the SDK of CloudEvents takes, without a secret', async () => {
    const root = temporaryBook({ 'snapshots/action_log.jsonl': log });
    const { out } = await run(root, ['export', 'actions', '--as', 'cloudevents']);
    for (const event of linesOf(out)) expect(new CloudEvent(event).validate()).toBe(true);
    expect(linesOf(out).map(({ type }) => type)).toEqual([
      'daybook.action.completed',
      'daybook.action.completed',
    ]);
    expect(out).toContain('live');
    expect(out).not.toContain('hunter2');
  });

  it('hands out no secret of a receipt that another program wrote', async () => {
    const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';
    const receipt = {
      timestamp: '2026-11-20T10:00:00',
      config: { api_key: 'hunter2hunter2' },
      repos: { main: { commit: '1'.repeat(40), remote: `https://me:${secret}@example.org/a.git` } },
      data: {},
      environment: { command: ['train', '--password', 'hunter2hunter2'] },
    };
    const root = temporaryBook({ 'results/a/run.lock': JSON.stringify(receipt) });
    for (const standard of ['slsa', 'in-toto', 'openlineage', 'otlp']) {
      const { exitCode, out } = await run(root, ['export', 'runs', '--as', standard]);
      expect([exitCode, out.length > 100]).toEqual([0, true]);
      expect(out).not.toMatch(/hunter2|ghp_0123/);
    }
  });

  it('knows an action by the exact bytes of its line', async () => {
    const root = temporaryBook({ 'snapshots/action_log.jsonl': log });
    const { out } = await run(root, ['export', 'action_1', '--as', 'in-toto']);
    expect(linesOf(out)[0].subject).toEqual([
      { name: 'snapshots/action_log.jsonl#L1', digest: { sha256: sha256Hex(log.split('\n')[0]!) } },
    ]);
  });

  it('makes one span of an action that began and ended, and one of each that did not end', async () => {
    const part = (id: string, status: string, at: string) =>
      JSON.stringify({
        snapshot_id: `action_${id}_${status}`,
        snapshot_type: 'action',
        timestamp: `2026-11-20T10:0${at}:00Z`,
        action: { id, type: 'train', status, details: {} },
      });
    const lines = [part('a', 'executing', '0'), part('b', 'executing', '1'), part('a', 'failed', '2')];
    const root = temporaryBook({ 'snapshots/action_log.jsonl': `${lines.join('\n')}\n` });
    const { out } = await run(root, ['export', 'actions', '--as', 'otlp']);
    const { spans } = linesOf(out)[0].resourceSpans[0].scopeSpans[0];
    const minutes = spans.map((span: { startTimeUnixNano: string; endTimeUnixNano: string }) =>
      Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 60_000_000_000n),
    );
    expect(minutes).toEqual([2, 0]);
  });

  it('makes a crate with the files of a run as they are, and what it names is there', async () => {
    const folder = join(emptyFolder(), 'crate');
    const { problem } = await exported(key, '--as', 'ro-crate', '--output', folder);
    expect(problem).toContain('Named and not copied');
    const crate = JSON.parse(readFileSync(join(folder, 'ro-crate-metadata.json'), 'utf8'));
    const parts = crate['@graph'].filter((each: { '@type': string }) => each['@type'] === 'File');
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      const copy = readFileSync(join(folder, decodeURIComponent(part['@id'])));
      expect(copy.equals(readFileSync(join(runsBook, decodeURIComponent(part['@id']))))).toBe(true);
      if (part.sha256 !== undefined) expect(sha256Hex(copy)).toBe(part.sha256);
    }
  });

  it('writes runs for MLflow that are read back as they were', async () => {
    const root = emptyFolder();
    await exported('runs', '--as', 'mlflow', '--output', join(root, 'mlruns'));
    const read = async (dir: string) => {
      const { out } = await run(dir, ['runs', '--dir', dir, '--json']);
      const runs = JSON.parse(out) as { name: string; metrics: object; params: object }[];
      const rows = runs.map(({ name, metrics, params }) =>
        JSON.stringify([name, Object.entries(metrics).sort(), Object.keys(params).sort()]),
      );
      return rows.sort();
    };
    const [before, after] = [await read(runsBook), await read(root)];
    expect(after).toHaveLength(before.length);
    // Best values that contradict the points are no metric of MLflow's, which has the points alone.
    const other = before.filter((row) => !after.includes(row));
    expect(other.map((row) => JSON.parse(row)[0])).toEqual(['experiment_data']);
  });

  it('overwrites nothing, and refuses what a standard does not speak of', async () => {
    const taken = join(emptyFolder(), 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'own.txt'), 'mine');
    const refused = async (...argv: string[]) => {
      const { exitCode, problem, out } = await exported(...argv);
      expect([exitCode, out]).toEqual([2, '']);
      return problem;
    };
    expect(await refused(key, '--as', 'ro-crate', '--output', taken)).toContain('not there yet');
    expect(existsSync(join(taken, 'own.txt'))).toBe(true);
    expect(await refused(key, '--as', 'ro-crate')).toContain('--output');
    expect(await refused('runs', '--as', 'ro-crate', '--output', `${taken}-2`)).toContain('one run');
    expect(await refused('runs', '--as', 'cloudevents')).toContain('Expected actions');
    expect(await refused('actions', '--as', 'slsa')).toContain('Expected runs');
    expect(await refused('runs', '--as', 'slsa', '--format', 'csv')).toContain('--as alone');
    const { exitCode } = await exported('no-such-thing', '--as', 'otlp');
    expect(exitCode).toBe(3);
  });
});
