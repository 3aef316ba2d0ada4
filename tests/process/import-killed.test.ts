import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readRuns } from '../../collector/store/runs/read-runs.ts';
import { commandLine } from '../command-line.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';
import { amount } from '../long.ts';
import { putExperiment, putStoredRun } from '../mlflow-store.ts';

it('an import of runs that is killed again and again goes on, and copies each run once', async () => {
  const [from, root] = [temporaryFolder(), temporaryBook({})];
  putExperiment(from, 'mlruns/0', 'Default');
  const runs = amount(120, 1000);
  for (let at = 0; at < runs; at++) {
    putStoredRun(from, `mlruns/0/${String(at).padStart(32, '0')}`, {
      params: { at: `${at}` },
      metrics: { loss: `1700000000000 ${at} 0\n` },
    });
  }
  const argv = [commandLine, 'import', from, '--json'];
  const startedMs = performance.now();
  spawnSync(process.execPath, [...argv, '--dry-run'], { cwd: root });
  const wholeMs = performance.now() - startedMs;
  for (let kill = 0; kill < amount(4, 20); kill++) {
    const child = spawn(process.execPath, argv, { cwd: root, stdio: 'ignore' });
    const closed = once(child, 'close');
    await sleep((wholeMs * ((kill % 5) + 2)) / 4);
    child.kill('SIGKILL');
    await closed;
  }
  const { stdout } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  const { imported, known } = JSON.parse(stdout);
  expect(imported + known).toBe(runs);
  expect(readdirSync(join(root, '.daybook/import'))).toEqual([]);
  const read = await readRuns(root);
  expect(read.map(({ params }) => params['at']).sort()).toEqual(
    Array.from({ length: runs }, (_, at) => at).sort(),
  );
  for (const { params, metrics } of read) expect(metrics['loss']).toBe(params['at']);
}, 600_000);
