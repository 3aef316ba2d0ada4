import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRuns } from '../collector/store/runs/read-runs.ts';
import { readAll, temporaryBook } from './helpers.ts';
import { repository } from './store/receipts/repository.ts';

it('the example of the library runs and records what it says', async () => {
  const root = temporaryBook();
  const script = join(import.meta.dirname, '..', 'examples', 'record.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain('deploy failed: health check timed out');
  expect(stdout).toContain('findings 0');
  const { records } = await readAll(root);
  expect(records.map((one) => [one.type, one.status])).toEqual([
    ['data_ingestion', 'completed'],
    ['train', 'running'],
    ['train', 'completed'],
    ['deploy', 'running'],
    ['deploy', 'failed'],
  ]);
  expect(records[2]!.details).toEqual({ lr: 0.001, batch: 32, accuracy: 0.95 });
  expect(records[4]).toMatchObject({ error: 'health check timed out', actionId: records[3]!.actionId });
});

it('the example of runs runs each once, with receipts that match and metrics that tell the best', async () => {
  const root = repository({ 'snapshots/.gitkeep': '', 'train.py': 'print(1)\n' });
  const script = join(import.meta.dirname, '..', 'examples', 'runs.ts');
  const example = () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.split('\n');
  };
  const first = example();
  expect(first).toContain('lr 0.03: run 001');
  expect(first.find((line) => line.startsWith('the best'))).toMatch(
    /^the best is results:train\/rates\/000 with lr 0.3,/,
  );
  expect(first.filter((line) => line.endsWith(' matches'))).toHaveLength(3);
  expect(example()).toContain('lr 0.03: run 001, done before');
  const runs = await readRuns(root);
  expect(runs.map(({ key, status, files }) => [key, status, files.map(({ kind }) => kind).sort()])).toEqual(
    ['002', '001', '000'].map((uid) => [
      `results:train/rates/${uid}`,
      'completed',
      ['experiment', 'ledger', 'metrics', 'receipt'],
    ]),
  );
});
