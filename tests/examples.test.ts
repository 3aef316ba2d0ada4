import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAll, temporaryBook } from './helpers.ts';

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
