import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryBook, temporaryFolder } from '../helpers.ts';

const file = 'runs/a/system.metrics.jsonl';
const outside = { ...process.env, CI: '', GITHUB_ACTIONS: '' };

function exec(root: string, options: string[], command: string[], env: NodeJS.ProcessEnv = outside) {
  const argv = [commandLine, 'exec', 'train', ...options, '--', ...command];
  return spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8', env });
}

type Point = Record<string, number> & { time: never };
const pointsIn = (root: string): Point[] =>
  readFileSync(join(root, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Point);
const node = (script: string) => [process.execPath, '-e', script];
const endOf = async (root: string) => (await readAll(root)).records.at(-1)!;

/** Two processes: one computes and waits for the other, which holds memory; what they used is printed. */
const busy = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'const held = Buffer.alloc(90e6, 1); setTimeout(() => held, 3500)']);
const until = Date.now() + 2500;
while (Date.now() < until);
child.once('exit', () => console.log(process.cpuUsage().user + process.cpuUsage().system));`;

describe.skipIf(process.platform === 'win32')('daybook exec --sample', () => {
  it('takes down what the command and all that it starts use, as metrics of its run', async () => {
    const root = temporaryBook();
    const ran = exec(root, ['--run', 'runs/a', '--sample', '1s'], node(busy));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const points = pointsIn(root);
    expect(points.length).toBeGreaterThanOrEqual(2);
    expect(await endOf(root)).toMatchObject({ details: { samples: { path: file, points: points.length } } });
    const most = (name: string) => Math.max(...points.map((point) => point[name] ?? 0));
    expect(most('system/processes')).toBe(2);
    expect(most('system/memory_mb')).toBeGreaterThan(90);
    // What it used in all is at least what the samples saw of it; between two of them, its share is at most all of it.
    const times = points.map(({ time }) => Date.parse(time) / 1000);
    const seen = points
      .slice(1)
      .reduce(
        (sum, point, at) => sum + (point['system/cpu_percent']! / 100) * (times[at + 1]! - times[at]!),
        0,
      );
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan((Number(ran.stdout) / 1e6 + 1) * 1.2);
    const [run] = await readBookRuns(root);
    expect(run).toMatchObject({
      key: 'runs/a',
      series: expect.arrayContaining([
        expect.objectContaining({ name: 'system/cpu_percent', count: points.length }),
      ]),
    });
  });

  it('samples cards by one nvidia-smi that does not outlive the command', async () => {
    const [root, tools] = [temporaryBook(), temporaryFolder()];
    const smi = join(tools, 'nvidia-smi');
    writeFileSync(
      smi,
      `#!/bin/sh\necho "$$ $*" >> ${tools}/started\nwhile :; do echo "0, 97, 1000, 250.5, 71"; sleep 1; done\n`,
    );
    chmodSync(smi, 0o755);
    const env = { ...outside, PATH: `${tools}:${process.env['PATH']}` };
    exec(root, ['--run', 'runs/a', '--sample', '1s'], ['sleep', '3'], env);
    expect(pointsIn(root).map((point) => point['system/gpu0_power_w'])).toContain(250.5);
    const [started, ...others] = readFileSync(join(tools, 'started'), 'utf8').trim().split('\n');
    expect(others).toEqual([]);
    expect(started).toContain('--loop-ms=1000');
    const pid = started!.split(' ')[0]!;
    expect(
      spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.replace(/Z.*/, '').trim(),
    ).toBe('');
  });

  it('is on by daybook.yaml, and off in CI and where that is said', () => {
    const root = temporaryBook({ 'daybook.yaml': 'exec:\n  sample: 1s\n' });
    const run = (options: string[], env?: NodeJS.ProcessEnv) =>
      exec(root, ['--run', 'runs/a', ...options], ['sleep', '1.5'], env);
    run(['--sample', 'off']);
    run([], { ...outside, GITHUB_ACTIONS: 'true' });
    expect(existsSync(join(root, file))).toBe(false);
    run([]);
    expect(pointsIn(root)).not.toEqual([]);
  });

  it('stands whole in the file when everything is killed', async () => {
    const root = temporaryBook();
    const argv = [commandLine, 'exec', 'train', '--run', 'runs/a', '--sample', '1s', '--', 'sleep', '60'];
    const child = spawn(process.execPath, argv, { cwd: root, env: outside, detached: true, stdio: 'ignore' });
    while (!existsSync(join(root, file)) || !readFileSync(join(root, file), 'utf8').includes('\n'))
      await setTimeout(50);
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'exit');
    expect(pointsIn(root)[0]).toMatchObject({ 'system/processes': 1 });
  });

  it('stops nothing where it cannot be: one warning, and the exit code of the command', () => {
    const root = temporaryBook();
    mkdirSync(join(root, file), { recursive: true });
    const blocked = exec(root, ['--run', 'runs/a', '--sample', '1s'], ['sh', '-c', 'sleep 3; exit 7']);
    expect(blocked.status).toBe(7);
    expect(blocked.stderr.match(/warning: the machine is not sampled/g)).toHaveLength(1);
    const alone = exec(root, ['--sample', '1s'], ['sh', '-c', 'exit 7']);
    expect(alone).toMatchObject({ status: 7, stderr: expect.stringContaining('this command has none') });
    for (const wrong of [
      ['--sample', '10ms'],
      ['--sample', 'often'],
    ]) {
      const refused = exec(root, ['--run', 'runs/a', ...wrong], ['touch', join(root, 'ran')]);
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--sample')]);
    }
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });
});
