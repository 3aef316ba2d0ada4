import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { readReceipt } from '../../collector/store/receipts/receipt-files.ts';
import { commandLine } from '../command-line.ts';
import { readAll } from '../helpers.ts';
import { git, put, repository } from '../store/receipts/repository.ts';

function exec(root: string, options: string[], script: string, ...rest: string[]) {
  const argv = [commandLine, 'exec', 'train', ...options, '--', 'sh', '-c', script, 'sh', ...rest];
  const env = { ...process.env, DAYBOOK_SPOOL: join(root, '.git/spool') };
  return spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8', env });
}

const receiptAt = (root: string, path: string) => readReceipt(root, path).record!;

describe('daybook exec --lock', () => {
  it('takes code and data before the command and outputs after it', async () => {
    const root = repository({ 'code.txt': 'before\n', 'in.csv': 'before\n' });
    const script = 'echo after > code.txt; echo after > in.csv; mkdir -p r; echo model > r/model; echo said';
    const options = [
      '--lock',
      '--repo',
      'code=.',
      '--data',
      'in.csv',
      '--output',
      'm=r/model',
      '--output',
      'no',
      '--out',
      'r',
    ];
    const ran = exec(root, options, script, '--token=abc123');
    expect(ran).toMatchObject({ status: 0, stdout: 'said\n' });
    expect(ran.stderr).toBe('issued r/run.lock 1 repo, 1 input, 2 outputs\n');
    const receipt = receiptAt(root, 'r/run.lock');
    expect(git(root, 'show', `${receipt.repos['code']!.tree}:code.txt`)).toBe('before');
    expect(receipt.inputs['in.csv']?.bytes).toBe('before\n'.length);
    expect(receipt).toMatchObject({ exitCode: 0, durationMs: expect.any(Number) });
    expect(receipt.raw['outputs']).toMatchObject({
      m: { path: 'r/model', bytes: 6, digest: expect.stringMatching(/^sha256:/) },
      no: { path: 'no', missing: 'it was not there when the command had ended' },
    });
    expect(receipt.environment?.['command']).toEqual(['sh', '-c', script, 'sh', '--token=‹masked: secret›']);
    const { records } = await readAll(root);
    expect(records.map(({ run, statusWord }) => [run, statusWord])).toEqual([
      ['r', 'executing'],
      ['r', 'completed'],
    ]);
  });

  it('leaves the receipt of a command that is killed together with it, from which it can be run again', async () => {
    const root = repository({ 'code.txt': 'before\n' });
    const script = 'mkdir r && echo $$ > r/pid && echo after > code.txt && exec sleep 60';
    const argv = [
      commandLine,
      'exec',
      'train',
      '--lock',
      '--repo',
      'code=.',
      '--out',
      'r',
      '--',
      'sh',
      '-c',
      script,
    ];
    const env = { ...process.env, DAYBOOK_SPOOL: join(root, '.git/spool') };
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: 'ignore' });
    await vi.waitUntil(() => existsSync(join(root, 'r/run.lock')), { timeout: 20_000 });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    process.kill(Number(readFileSync(join(root, 'r/pid'), 'utf8')), 'SIGKILL');
    await ended;
    const receipt = receiptAt(root, 'r/run.lock');
    expect(receipt.exitCode).toBeUndefined();
    expect(git(root, 'show', `${receipt.repos['code']!.tree}:code.txt`)).toBe('before');
    expect(receipt.environment?.['command']).toEqual(['sh', '-c', script]);
    const [run] = (await readBookRuns(root)).filter(({ key }) => key === 'r');
    expect(run).toMatchObject({
      status: 'running',
      stale: { why: expect.stringContaining('no longer exists') },
    });
  });

  it('leaves alone what its command put in the place of the receipt, and puts its own beside', () => {
    const root = repository();
    const script = "mkdir r; sleep 1.5; echo 'config: {theirs: 1}' > r/run.lock";
    expect(exec(root, ['--lock', '--out', 'r', '--set', 'ours=1'], script).status).toBe(0);
    expect(receiptAt(root, 'r/run.lock').config).toEqual({ theirs: 1 });
    expect(receiptAt(root, 'r_2/run.lock')).toMatchObject({ exitCode: 0, config: { ours: 1 } });
  });

  it('issues the receipt of a command that fails, and ends with its exit code', () => {
    const root = repository();
    const ran = exec(root, ['--lock', '--out', 'r', '--set', 'lr=0.1'], 'exit 7');
    expect(ran.status).toBe(7);
    expect(receiptAt(root, 'r/run.lock')).toMatchObject({ exitCode: 7, config: { lr: 0.1 } });
  });

  it('runs the command where git or the disk refuses what is to be recorded, and says that there is no receipt', async () => {
    const root = repository();
    git(root, 'init', '--quiet', '--bare', 'bare');
    put(root, { file: 'x' });
    for (const options of [
      ['--repo', 'bare', '--out', 'r'],
      ['--out', 'file/r'],
    ]) {
      const ran = exec(root, ['--lock', ...options], 'echo started; exit 3');
      expect(ran).toMatchObject({ status: 3, stdout: 'started\n' });
      expect(ran.stderr).toContain('warning: no receipt can be issued: Expected a');
    }
    const { records } = await readAll(root);
    expect(records.map(({ statusWord }) => statusWord)).toEqual([
      'executing',
      'failed',
      'executing',
      'failed',
    ]);
  });

  it('gives a second run a place of its own, says where, and ties its action to it', async () => {
    const root = repository({ 'p/run.lock': '4711' });
    for (const lr of [1, 2]) exec(root, ['--lock', '--out', 'r', '--set', `lr=${lr}`], 'exit 0');
    const third = exec(root, ['--lock', '--out', 'r', '--set', 'lr=3', '--quiet'], 'echo said');
    expect(third).toMatchObject({
      status: 0,
      stdout: 'said\n',
      stderr:
        'another place: r/run.lock is there already and stays as it is. This receipt went to r_3/run.lock.\n',
    });
    expect(['r', 'r_2', 'r_3'].map((place) => receiptAt(root, `${place}/run.lock`).config['lr'])).toEqual([
      1, 2, 3,
    ]);
    expect((await readAll(root)).records.map(({ run }) => run)).toEqual([
      'r',
      'r',
      'r_2',
      'r_2',
      'r_3',
      'r_3',
    ]);
    expect(exec(root, ['--lock', '--out', 'p', '--replace'], 'exit 5').status).toBe(5);
    expect(readFileSync(join(root, 'p/run.lock'), 'utf8')).toBe('4711');
    expect(receiptAt(root, 'p_2/run.lock').exitCode).toBe(5);
  });

  it('keeps every receipt of runs that go on at the same time', async () => {
    const root = repository();
    const names = Array.from({ length: 6 }, (_, at) => at);
    const runs = names.map((at) => {
      const argv = [
        commandLine,
        'exec',
        'train',
        '--lock',
        '--out',
        'r',
        '--set',
        `at=${at}`,
        '--',
        'sleep',
        '0.3',
      ];
      const child = spawn(process.execPath, argv, { cwd: root, stdio: 'ignore' });
      return new Promise((done) => child.on('exit', done));
    });
    expect(await Promise.all(runs)).toEqual(names.map(() => 0));
    const places = ['r', 'r_2', 'r_3', 'r_4', 'r_5', 'r_6'];
    const kept = places.map((place) => receiptAt(root, `${place}/run.lock`).config['at']);
    expect([...kept].sort()).toEqual(names);
    const { records } = await readAll(root);
    expect([...new Set(records.map(({ run }) => run))].sort()).toEqual(places);
    expect(readdirSync(join(root, '.daybook/claims'))).toEqual([]);
  });

  it('runs the command where the receipt cannot be, says why, and leaves what is there', async () => {
    const root = repository({ r: '4711' });
    for (const options of [
      ['--out', 'r'],
      ['--out', 's', '--data', 'nope'],
      ['--out', 's', '--config', 'nope.yaml'],
      ['--out', 's', '--repo', 'elsewhere'],
    ]) {
      const ran = exec(root, ['--lock', ...options], 'echo started; exit 5');
      expect(ran).toMatchObject({ status: 5, stdout: 'started\n' });
      expect(ran.stderr).toMatch(/^warning: no receipt can be issued: [^\n]+\n$/);
    }
    expect(readFileSync(join(root, 'r'), 'utf8')).toBe('4711');
    expect(existsSync(join(root, 's'))).toBe(false);
    const { records } = await readAll(root);
    expect(records.filter(({ run, status }) => run === 's' && status === 'failed')).toHaveLength(3);
  });

  it.each([
    ['kill -9 $$', 137, 'aborted', 'The command was ended by SIGKILL.'],
    ['kill -TERM $$', 143, 'aborted', 'The command was ended by SIGTERM.'],
    ['kill -SEGV $$', 139, 'failed', 'The command was ended by SIGSEGV.'],
    ['exit 137', 137, 'aborted', 'The command ended with exit code 137 (SIGKILL).'],
    ['exit 134', 134, 'failed', 'The command ended with exit code 134 (SIGABRT).'],
    [
      'echo so far; echo "what: error: no such column" >&2; exit 2',
      2,
      'failed',
      'what: error: no such column (exit code 2)',
    ],
  ])('%s is one status with one reason in action and run', async (script, exitCode, status, error) => {
    const root = repository();
    expect(exec(root, ['--lock', '--out', 'r'], script).status).toBe(exitCode);
    const { records } = await readAll(root);
    expect(records.at(-1)).toMatchObject({ status, error });
    const [run] = await readBookRuns(root);
    expect(run).toMatchObject({ status, error, history: [{ status: 'running' }, { status }] });
  });

  it('does not start the command where the options make no sense', () => {
    const root = repository();
    for (const options of [
      [],
      ['--out', 'r', '--set', '=1'],
      ['--out', 'r', '--data', 'a=x', '--data', 'a=y'],
    ]) {
      expect(exec(root, ['--lock', ...options], 'echo started')).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it('says so where the receipt could not be written in the end, keeps the exit code, and the receipt waits', () => {
    const root = repository();
    const ran = exec(root, ['--lock', '--out', 'r'], 'echo 4711 > r');
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/^warning: the receipt was not written: .* It waits in [^\n]*spool[^\n]*\n$/);
    expect(readFileSync(join(root, 'r'), 'utf8')).toBe('4711\n');
    expect(exec(root, [], 'echo next')).toMatchObject({ status: 0, stderr: '' });
    rmSync(join(root, 'r'));
    expect(exec(root, [], 'echo next')).toMatchObject({ status: 0, stderr: '' });
    expect(receiptAt(root, 'r/run.lock').exitCode).toBe(0);
    expect(existsSync(join(root, '.git/spool')) ? readdirSync(join(root, '.git/spool')) : []).toEqual([]);
  });
});
