import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { commandLine } from '../command-line.ts';
import { runFaulty } from '../faults.ts';
import { readAll, temporaryBook, temporaryFolder } from '../helpers.ts';
import { repository } from '../store/receipts/repository.ts';

function exec(root: string, options: string[], script: string) {
  const argv = [commandLine, 'exec', 'train', '--log', ...options, '--', 'sh', '-c', script];
  return spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
}

const textIn = (root: string, path: string) => gunzipSync(readFileSync(join(root, path))).toString('utf8');
const logOf = async (root: string) => ((await readAll(root)).records.at(-1)!.details as { log?: object }).log;

describe('daybook exec --log', () => {
  it('keeps the whole output with its run, and passes it through as it is', async () => {
    const root = temporaryBook();
    const script = `for i in $(seq 50); do echo "line $i"; done; sleep 0.2
printf '\\033[31mbad\\033[0m password=hunter2x\\n' >&2; printf '10%%\\r20%%' >&2; sleep 0.2; printf '\\r30%%\\n' >&2; exit 3`;
    const ran = exec(root, ['--run', 'runs/a'], script);
    const lines = Array.from({ length: 50 }, (_, at) => `line ${at + 1}\n`).join('');
    expect(ran).toMatchObject({
      status: 3,
      stdout: lines,
      stderr: '\u001b[31mbad\u001b[0m password=hunter2x\n10%\r20%\r30%\n',
    });
    const text = `${lines}bad password=‹masked: secret›\n30%\n`;
    expect(textIn(root, 'runs/a/output.log.gz')).toBe(text);
    const bytes = Buffer.byteLength(text);
    expect(await logOf(root)).toEqual({ path: 'runs/a/output.log.gz', lines: 52, bytes });
    expect(await readBookRuns(root)).toMatchObject([
      {
        key: 'runs/a',
        status: 'failed',
        statusFrom: 'action',
        artifacts: [{ id: 'output.log.gz', type: 'log', file: 'runs/a/output.log.gz' }],
        files: [{ kind: 'log', path: 'runs/a/output.log.gz' }],
      },
    ]);
  });

  it('lies beside the receipt, and a second one beside the first', async () => {
    const root = repository();
    exec(root, ['--lock', '--out', 'runs/a'], 'echo one');
    exec(root, ['--run', 'runs/a'], 'echo two');
    expect(textIn(root, 'runs/a/output.log.gz')).toBe('one\n');
    expect(textIn(root, 'runs/a/output-2.log.gz')).toBe('two\n');
    const [run, ...others] = await readBookRuns(root);
    expect(others).toEqual([]);
    expect(run!.files.map(({ kind }) => kind).sort()).toEqual(['log', 'log', 'receipt']);
  });

  it('goes to the run of a ledger under its name, and where there is no run to the snapshots', async () => {
    const record = { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [] };
    const ledger = { train: { grid: { '000': record } }, eval: { grid: { '000': record } } };
    const root = temporaryBook({ 'r/metadata.json': JSON.stringify(ledger) });
    exec(root, ['--run', 'r:eval/grid/000'], 'echo evaluated');
    expect(textIn(root, 'r/grid/000/eval_output.log.gz')).toBe('evaluated\n');
    const runs = await readBookRuns(root);
    expect(runs.map(({ key, artifacts }) => [key, artifacts.length]).sort()).toEqual([
      ['r:eval/grid/000', 1],
      ['r:train/grid/000', 0],
    ]);
    exec(root, ['--id', 'one'], 'echo alone');
    expect(textIn(root, 'snapshots/logs/one.log.gz')).toBe('alone\n');
    expect(await logOf(root)).toMatchObject({ path: 'snapshots/logs/one.log.gz' });
  });

  it('keeps the beginning and the end of too much', async () => {
    const root = temporaryBook();
    const ran = exec(root, ['--run', 'runs/a', '--log-limit', '64K'], 'seq 100000');
    expect(ran.stdout.split('\n')).toHaveLength(100_001);
    const [first, last] = textIn(root, 'runs/a/output.log.gz').split(/‹daybook: .*› *\n/) as [string, string];
    expect([first.slice(0, 4), last.slice(-7)]).toEqual(['1\n2\n', '100000\n']);
    const said = (await logOf(root)) as { lines: number; left_out: { lines: number } };
    expect(first.split('\n').length + last.split('\n').length - 2).toBe(said.lines);
    expect(said.lines + said.left_out.lines).toBe(100_000);
  });

  it('can be read up to the last second when everything is killed', async () => {
    const root = temporaryBook();
    const script = 'for i in $(seq 3000); do echo "line $i"; done; sleep 60';
    const argv = [commandLine, 'exec', 'train', '--log', '--run', 'runs/a', '--', 'sh', '-c', script];
    const child = spawn(process.execPath, argv, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout!.on('data', (chunk) => {
      said += chunk;
    });
    const path = join(root, 'runs/a/output.log.gz');
    while (
      !said.endsWith('line 3000\n') ||
      !existsSync(path) ||
      !gunzipSync(readFileSync(path)).includes('line 3000\n')
    )
      await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'exit');
    expect(textIn(root, 'runs/a/output.log.gz')).toBe(said);
    // The command is not recorded as ended, and the log is there all the same.
    expect(await readBookRuns(root)).toMatchObject([{ key: 'runs/a', artifacts: [{ type: 'log' }] }]);
  });

  it('ends with what signals say, and keeps what was said on the way', async () => {
    const root = temporaryBook();
    const ran = exec(root, ['--run', 'runs/a'], 'echo begun; printf half; kill -TERM $$');
    expect(ran.status).toBe(143);
    expect(textIn(root, 'runs/a/output.log.gz')).toBe('begun\nhalf\n');
  });

  it('never stops the command: says once that it cannot be, and reports nothing as kept', async () => {
    const root = temporaryBook({ runs: 'a file' });
    const ran = exec(root, ['--run', 'runs/a'], 'echo done; exit 3');
    expect(ran).toMatchObject({ status: 3, stdout: 'done\n' });
    expect(ran.stderr).toMatch(
      /^warning: the output is not kept: .*a file stands where a folder should be.*\n$/,
    );
    expect(await logOf(root)).toBeUndefined();
  });

  it.each(['ENOSPC', 'EIO'])('says what it holds where the disk answers %s on the way', async (code) => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const faults = [{ call: 'writeSync' as const, path: 'output\\.log', nth: 3, code }];
    const script = 'echo one; sleep 1.5; echo two; sleep 1.5; echo three; exit 3';
    const argv = ['exec', 'train', '--log', '--run', 'runs/a', '--', 'sh', '-c', script];
    const ran = runFaulty(root, argv, { faults, spool });
    expect(ran).toMatchObject({ status: 3, stdout: 'one\ntwo\nthree\n' });
    expect(ran.stderr.match(/warning/g)).toHaveLength(1);
    expect(ran.stderr).toContain('the log of the output holds its first 1 lines and no more');
    expect(textIn(root, 'runs/a/output.log.gz')).toBe('one\n');
    expect(await logOf(root)).toMatchObject({ lines: 1, bytes: 4, not_whole: expect.stringContaining(code) });
  });

  it('is refused where it makes no sense, before anything is done', () => {
    const root = temporaryBook();
    expect(exec(root, ['--no-capture'], 'echo said')).toMatchObject({ status: 2, stdout: '' });
    expect(exec(root, ['--log-limit', 'much'], 'echo said')).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(join(root, 'snapshots/action_log.jsonl'))).toBe(false);
  });

  it('leaves alone what others call so', async () => {
    const root = temporaryBook();
    mkdirSync(join(root, 'theirs'));
    writeFileSync(join(root, 'theirs/output.log.gz'), 'not ours');
    expect(await readBookRuns(root)).toEqual([]);
  });
});
