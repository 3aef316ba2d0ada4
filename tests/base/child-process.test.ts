import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runProcess } from '../../collector/base/child-process.ts';

const node = process.execPath;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie waiting for its parent is dead for our purpose.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('runProcess', () => {
  it('returns output and exit code of a command that fails, without throwing', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)';
    const result = await runProcess(node, ['-e', script]);
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
    expect(result.truncated).toBe(false);
  });

  it('says by which signal a command died', async () => {
    const result = await runProcess(node, ['-e', 'process.kill(process.pid, "SIGKILL")']);
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
  });

  it('hands arguments over as they are: nothing in them reaches a shell', async () => {
    const argument = '$(touch pwned); `id` "quoted" \'and\' * %PATH%';
    const result = await runProcess(node, ['-e', 'process.stdout.write(process.argv[1])', argument]);
    expect(result.stdout).toBe(argument);
  });

  it('uses a shell only when asked', async () => {
    expect((await runProcess('echo a; echo b', [], { shell: true })).stdout).toBe('a\nb\n');
    await expect(runProcess('echo a; echo b', [])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('throws one clear error where the program or the folder does not exist', async () => {
    await expect(runProcess('no-such-program-daybook', [])).rejects.toMatchObject({
      name: 'DaybookError',
      code: 'unavailable',
      message: expect.stringContaining('no-such-program-daybook'),
    });
    await expect(runProcess(node, ['-v'], { cwd: '/no/such/folder' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('passes input and adds to the environment, or removes from it', async () => {
    const script =
      'process.stdin.on("data", d => process.stdout.write(d + process.env.A + process.env.HOME))';
    const result = await runProcess(node, ['-e', script], { input: 'in', env: { A: 'b', HOME: undefined } });
    expect(result.stdout).toBe('inbundefined');
  });

  it('survives a command that does not read a large input', async () => {
    const result = await runProcess(node, ['-e', 'process.exit(0)'], { input: 'x'.repeat(5_000_000) });
    expect(result.exitCode).toBe(0);
  });

  it('keeps the beginning of too much output and says that it dropped the rest', async () => {
    const script = 'process.stdout.write("y".repeat(300000)); process.stderr.write("short")';
    const result = await runProcess(node, ['-e', script], { maxBytes: 1000 });
    expect(result.stdout).toBe('y'.repeat(1000));
    expect(result).toMatchObject({ stderr: 'short', truncated: true, exitCode: 0 });
  });

  it('ends a late command together with what it started, even where that ignores the polite signal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-'));
    const file = join(folder, 'pid');
    try {
      const line = `sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 0.1; done' & trap "" TERM; wait; sleep 60`;
      const result = await runProcess(line, [], { shell: true, timeoutMs: 400 });
      expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
      expect(result.durationMs).toBeLessThan(5000);
      expect(existsSync(file)).toBe(true);
      for (let tries = 0; tries < 50 && isAlive(Number(readFileSync(file, 'utf8'))); tries++) await sleep(20);
      expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not wait for a background process that keeps the output open beyond the limit', async () => {
    const started = performance.now();
    const result = await runProcess('sleep 30 & echo started', [], { shell: true, timeoutMs: 300 });
    expect(result).toMatchObject({ stdout: 'started\n', timedOut: true });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
