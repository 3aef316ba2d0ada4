import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryBook } from '../helpers.ts';

function exec(root: string, command: string[], options: string[] = [], input = '') {
  const argv = [commandLine, 'exec', 'job', ...options, '--', ...command];
  return spawnSync(process.execPath, argv, { cwd: root, input, encoding: 'utf8' });
}

async function start(root: string, script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [commandLine, 'exec', 'job', '--', process.execPath, '-e', script], {
    cwd: root,
  });
  await once(child.stdout!, 'data');
  return child;
}

async function endOf(root: string) {
  const { records } = await readAll(root);
  expect(records.map(({ statusWord }) => statusWord)[0]).toBe('executing');
  expect(new Set(records.map(({ actionId }) => actionId)).size).toBe(1);
  return records.at(-1)!;
}

describe('daybook exec', () => {
  it('passes input, output and exit code through and records both ends', async () => {
    const root = temporaryBook();
    const ran = exec(
      root,
      ['sh', '-c', 'cat; echo to-stderr >&2; exit 3'],
      ['--id', 'job-1', '--run', 'r'],
      'from stdin\n',
    );
    expect(ran).toMatchObject({ status: 3, stdout: 'from stdin\n', stderr: 'to-stderr\n' });
    const end = await endOf(root);
    expect(end).toMatchObject({
      actionId: 'job-1',
      run: 'r',
      status: 'failed',
      error: 'to-stderr (exit code 3)',
      details: { command: ['sh', '-c', 'cat; echo to-stderr >&2; exit 3'], exit_code: 3 },
    });
    expect((end.details as { output: string[] }).output.sort()).toEqual(['from stdin', 'to-stderr']);
    expect(end.durationMs).toBeGreaterThan(0);
    expect(end.endedAtUs).toBeGreaterThan(end.startedAtUs!);
  });

  it('keeps options of the command and its argument boundaries', async () => {
    const root = temporaryBook();
    const ran = exec(root, [
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      '--json',
      'a b',
      '',
      '-v',
    ]);
    expect(JSON.parse(ran.stdout)).toEqual(['--json', 'a b', '', '-v']);
    expect(await endOf(root)).toMatchObject({ status: 'completed', error: undefined });
  });

  it('records only the last lines, without colours, and passes all bytes on', async () => {
    const root = temporaryBook();
    const ran = exec(root, [
      process.execPath,
      '-e',
      'for (let i = 0; i < 50000; i++) console.log("\\u001b[31mline " + i + "\\u001b[0m")',
    ]);
    expect(ran.stdout.split('\n')).toHaveLength(50_001);
    const { output } = (await endOf(root)).details as { output: string[] };
    expect(output).toHaveLength(20);
    expect(output.at(-1)).toBe('line 49999');
  });

  it('says that a command was not found, with 127, and records it as failed', async () => {
    const root = temporaryBook();
    const ran = exec(root, ['no-such-command-anywhere']);
    expect(ran).toMatchObject({
      status: 127,
      stderr: 'error: no-such-command-anywhere: The command was not found.\n',
    });
    expect(await endOf(root)).toMatchObject({ status: 'failed', error: 'The command was not found.' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('forwards %s and records the interruption', async (signal, status) => {
    const root = temporaryBook();
    const child = await start(root, 'console.log("up"); setInterval(() => {}, 1000)');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([status, null]);
    expect(await endOf(root)).toMatchObject({
      status: 'aborted',
      details: { signal, interrupted_by: signal, output: ['up'] },
    });
  });

  it('lets a command end in its own way after a signal', async () => {
    const root = temporaryBook();
    const child = await start(
      root,
      'process.on("SIGTERM", () => { console.log("tidied"); process.exit(0) }); console.log("up"); setInterval(() => {}, 1000)',
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await endOf(root)).toMatchObject({
      status: 'completed',
      details: { interrupted_by: 'SIGTERM', output: ['up', 'tidied'] },
    });
  });

  it('leaves the beginning on record when it is killed itself', async () => {
    const root = temporaryBook();
    const child = await start(root, 'console.log("up"); setTimeout(() => {}, 1000)');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await readAll(root)).records).toMatchObject([{ statusWord: 'executing', type: 'job' }]);
  });

  it('records no output with --no-capture', async () => {
    const root = temporaryBook();
    expect(exec(root, ['echo', 'hi'], ['--no-capture'])).toMatchObject({ status: 0, stdout: 'hi\n' });
    expect(await endOf(root)).toMatchObject({ status: 'completed', details: { output: [] } });
  });

  it('passes on that the reader of its output has gone', async () => {
    const root = temporaryBook();
    const ran = spawnSync(
      'sh',
      ['-c', '"$0" "$1" exec job -- yes | head -1', process.execPath, commandLine],
      {
        cwd: root,
        encoding: 'utf8',
        timeout: 10_000,
      },
    );
    expect(ran).toMatchObject({ status: 0, stdout: 'y\n' });
    expect(await endOf(root)).toMatchObject({ status: 'aborted', details: { interrupted_by: 'SIGPIPE' } });
  });

  it('ends quietly when its reader has gone', () => {
    const root = temporaryBook();
    const ran = spawnSync(
      'sh',
      [
        '-c',
        `for i in 1 2 3 4 5; do echo '{"type":"x"}'; done | "$0" "$1" action --batch -q; "$0" "$1" all | head -1`,
        process.execPath,
        commandLine,
      ],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('says how long the command took, not how long what it left running held its output', async () => {
    const root = temporaryBook();
    expect(exec(root, ['sh', '-c', 'sleep 5 & echo up']).stdout).toBe('up\n');
    const { durationMs, startedAtUs, endedAtUs } = await endOf(root);
    expect(durationMs).toBeLessThan(1500);
    expect(endedAtUs! - startedAtUs!).toBeLessThan(1_500_000);
  });
});
