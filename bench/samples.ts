import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../collector/base/clock.ts';
import { isoMicros } from '../collector/base/time.ts';
import { LinuxTree } from '../collector/operations/exec/samples/linux.ts';
import { metricsOf, type Reading } from '../collector/operations/exec/samples/use.ts';
import { appendMetrics } from '../collector/store/experiments/append-metrics.ts';
import { ms, printRows } from './report.ts';

const everyMs = 5000;
const rounds = 200;

/** What `exec --sample 5s` costs: processor time of whole samples, written, against a hundredth of a core. */
export async function benchSamples(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const book = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  // A shell with twenty processes of its own, as a loader of data has.
  const command = spawn(
    'sh',
    ['-c', 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 600 & done; wait'],
    {
      detached: true,
      stdio: 'ignore',
    },
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const tree = new LinuxTree(command.pid!);
    const read = (at: number): Reading => ({
      atMs: at * everyMs,
      tree: tree.read(),
      machine: tree.readMachine(),
      gpus: {},
    });
    let before = read(0);
    const cost = async (work: (at: number) => Promise<void>) => {
      for (let at = 1; at <= 20; at++) await work(at);
      const began = process.cpuUsage();
      for (let at = 21; at <= rounds + 20; at++) await work(at);
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000 / rounds;
    };
    const perSample = await cost(async (at) => {
      const now = read(at);
      const values = metricsOf(now, before);
      before = now;
      await appendMetrics(book, 'runs/a/system.metrics.jsonl', {
        values,
        time: isoMicros(systemClock.nowUs()),
      });
    });
    const limit = everyMs / 100;
    const what = `a sample of ${before.tree?.processes} processes, written`;
    return printRows('exec --sample 5s: processor time', [
      { what, ours: ms(perSample), peer: `${ms(limit)}: 1 % of a core`, ratio: perSample / limit, limit: 1 },
    ]);
  } finally {
    process.kill(-command.pid!, 'SIGKILL');
    rmSync(book, { recursive: true, force: true });
  }
}
