import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRuns } from '../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../collector/store/runs/read-series.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';
import { putExperiment, putStoredRun, runId } from '../mlflow-store.ts';
import { run } from './run.ts';

function mlruns(): string {
  const folder = temporaryFolder();
  putExperiment(folder, 'mlruns/7', 'Grün');
  putStoredRun(folder, `mlruns/7/${runId(1)}`, {
    params: { lr: '0.1', api_key: 'sk-proj-0123456789abcdefghijABCDEFGHIJ' },
    metrics: { 'a/b loss': '1700000000000 0.5 0\n1700000001000 nan 1\n', acc: '1700000000000 0.75 3\n' },
    tags: { 'mlflow.note.content': 'first try', team: 'red' },
  });
  putStoredRun(folder, `mlruns/7/${runId(2)}`, { tags: { 'mlflow.parentRunId': runId(1) } });
  return folder;
}

const told = async (root: string) => {
  const all = await readRuns(root);
  return Promise.all(
    all.map(async (each) => ({
      name: each.name,
      group: each.identifier,
      status: [each.status, each.statusWord],
      times: [each.startedAtUs, each.endedAtUs, each.durationMs],
      params: each.params['lr'],
      metrics: each.metrics,
      tags: each.tags,
      description: each.description,
      parents: each.parents.map(({ name, kind }) => [name, kind]),
      series: await readSeries(root, each),
    })),
  );
};

describe('daybook import of runs', () => {
  it('copies runs with all that is known of them, and where they came from', async () => {
    const [from, root] = [mlruns(), temporaryBook({})];
    const { exitCode, out } = await run(root, ['import', from, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      runs: 2,
      imported: 2,
      known: 0,
      series: 2,
      points: 3,
      bySource: { mlflow: 2 },
    });
    expect(await told(root)).toEqual(await told(from));
    const [child, parent] = (await readRuns(root)).sort((a, b) =>
      a.parents.length < b.parents.length ? 1 : -1,
    );
    expect(child!.parents[0]!.key).toBe(parent!.key);
    expect(parent!.origin!.facts.at(-1)).toEqual(['imported from', `mlflow: mlruns/7/${runId(1)}`]);
    const text = readFileSync(join(root, parent!.place, 'imported_run.json'), 'utf8');
    expect(text).not.toContain('sk-proj-0123');
  });

  it('takes a part of a store, knows what it has copied, and goes on where it was', async () => {
    const [from, root] = [mlruns(), temporaryBook({})];
    const counts = async (path: string) => {
      const { imported, known } = JSON.parse((await run(root, ['import', path, '--json'])).out);
      return [imported, known];
    };
    expect(await counts(join(from, 'mlruns'))).toEqual([2, 0]);
    putStoredRun(from, `mlruns/7/${runId(3)}`, { params: { lr: '1' } });
    expect(await counts(join(from, 'mlruns'))).toEqual([1, 2]);
  });

  it('is taken back as a whole, but for what else was put beside a run', async () => {
    const [from, root] = [mlruns(), temporaryBook({})];
    const { id } = JSON.parse((await run(root, ['import', from, '--json'])).out);
    expect((await run(root, ['import', '--list'])).out).toBe(`${id}  2 runs\n`);
    const [first, second] = await readRuns(root);
    writeFileSync(join(root, first!.place, 'notes.txt'), 'mine');
    await run(root, ['import', '--undo', id]);
    expect(await readRuns(root)).toEqual([]);
    expect(existsSync(join(root, first!.place, 'notes.txt'))).toBe(true);
    expect(existsSync(join(root, second!.place))).toBe(false);
  });

  it('says so where there is nothing to copy, or where it is read anyway, and writes nothing on a dry run', async () => {
    const [from, root] = [mlruns(), temporaryBook({ 'own/metrics.jsonl': '{"loss":1}\n' })];
    expect((await run(root, ['import', temporaryFolder()])).exitCode).toBe(3);
    expect((await run(root, ['import', join(root, 'own')])).exitCode).toBe(2);
    expect((await run(root, ['import', from, '--dry-run'])).out).toContain(
      '2 runs would be imported from mlflow',
    );
    expect(existsSync(join(root, 'runs'))).toBe(false);
  });
});
