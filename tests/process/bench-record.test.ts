import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machineNow } from '../../bench/machine.ts';
import { taken } from '../../bench/processes.ts';
import { recordBench } from '../../bench/record.ts';
import { timeRow } from '../../bench/report.ts';
import { readRuns } from '../../collector/read.ts';
import { withResults } from '../../scripts/performance-docs.ts';
import { temporaryBook } from '../helpers.ts';

const docs = `# Performance

<!-- Results: made by \`npm run docs\` from the newest runs in runs/bench/. -->
old
<!-- End of the results. -->
`;

test('a benchmark becomes a run of the book, and the newest one a table of the docs', async () => {
  const root = temporaryBook({ 'program.ts': '1\n' });
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'a'],
  ])
    execFileSync('git', args, { cwd: root });
  const record = (ours: number) => {
    const rows = [
      timeRow('build | again', ours, 1000, { limit: 1, memory: { mib: 350, limit: 400 } }),
      { what: 'frames', ours: '60', peer: '50', ratio: 1.2, limit: 1, atLeast: true },
    ];
    const command = ['npm', 'run', 'bench', '--', '--full', 'build', '--record'];
    const bench = { name: 'build', size: 'L', machine: machineNow(), command };
    return recordBench({ ...bench, run: async () => [{ title: 'Building', rows }] }, root);
  };
  expect(await record(2000)).toBe(false);
  // Runs are named by their second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await record(500)).toBe(true);

  const runs = await readRuns(root, {}, () => {});
  expect(runs.map(({ status }) => status)).toEqual(['completed', 'failed']);
  expect(runs[0]!.metrics).toMatchObject({ 'build | again': 0.5, 'build | again, MiB': 350, frames: 1.2 });
  expect(runs[0]!.params).toMatchObject({ bench: 'build', size: 'L', cores: machineNow().cores });
  const receipt = readFileSync(join(root, runs[0]!.place, 'run.lock'), 'utf8');
  expect(receipt).toContain('- npm\n');
  expect(receipt).not.toContain(process.execPath);

  const written = withResults(docs, root);
  expect(written).toContain('| build \\| again | 500.0 ms | 1.00 s | 0.50 | &lt;= 1 | 350 of 400 | held |');
  expect(written).not.toContain('2.00 s');
  expect(written).not.toContain('old\n');
  expect(withResults(written, root)).toBe(written);
});

test('the memory of a process is that of all it started', async () => {
  const hold = 'const kept = Buffer.alloc(150 * 2 ** 20, 1); setTimeout(() => kept.length, 400)';
  const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold)}])`;
  const { mib } = await taken(process.execPath, ['-e', `${child}; ${hold}`]);
  if (process.platform === 'linux') expect(mib).toBeGreaterThan(300);
  else expect(mib).toBeUndefined();
});
