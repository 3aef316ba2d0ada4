import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { terminalPackage } from '../../collector/operations/exec/terminal.ts';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryBook, temporaryFolder } from '../helpers.ts';

const env = { ...process.env, CI: '', GITHUB_ACTIONS: '', NO_COLOR: undefined };

interface Outer {
  pid: number;
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { exitCode: number }) => void): void;
  write(text: string): void;
  kill(signal: string): void;
  resize(columns: number, rows: number): void;
}
type Pty = { spawn(program: string, args: string[], options: object): Outer };

function installed(): Pty | undefined {
  try {
    return createRequire(import.meta.url)(terminalPackage) as Pty;
  } catch {
    return undefined;
  }
}
const pty = installed();

/** What a reader at a terminal does when certain words appear on it. */
type Act = [when: string, what: (terminal: Outer) => void];

/** Runs `daybook exec --tty` at a terminal of 70 columns. */
function atTerminal(
  root: string,
  options: string[],
  command: string[],
  acts: Act[] = [],
  node: string[] = [],
) {
  const args = [...node, commandLine, 'exec', 'train', '--tty', ...options, '--', ...command];
  const terminal = pty!.spawn(process.execPath, args, { cwd: root, env, cols: 70, rows: 20 });
  let shown = '';
  const waiting = [...acts];
  terminal.onData((text) => {
    shown += text;
    while (waiting.length > 0 && shown.includes(waiting[0]![0])) waiting.shift()![1](terminal);
  });
  return new Promise<{ exitCode: number; shown: string }>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve({ exitCode, shown: shown.replaceAll(/\r+\n/g, '\n') }));
  });
}

const lastOf = async (root: string) => (await readAll(root)).records.at(-1)!;
const shell = (script: string) => ['sh', '-c', script];

describe.skipIf(pty === undefined || process.platform === 'win32')('daybook exec --tty', () => {
  it('gives the command a terminal of our size, and records what it writes there', async () => {
    const root = temporaryBook();
    const script = `test -t 0 && test -t 1 && test -t 2 && echo terminal; stty size; printf '10%%\\r100%%\\n'; echo "FORCE=$FORCE_COLOR"; printf '\\033[31mbad\\033[0m\\n' >&2; exit 3`;
    const { exitCode, shown } = await atTerminal(root, ['--run', 'runs/a', '--log'], shell(script));
    expect([exitCode, shown]).toEqual([3, 'terminal\n20 70\n10%\r100%\nFORCE=\n\u001b[31mbad\u001b[0m\n']);
    const output = ['terminal', '20 70', '100%', 'FORCE=', 'bad'];
    expect(await lastOf(root)).toMatchObject({ status: 'failed', details: { exit_code: 3, output } });
    const log = gunzipSync(readFileSync(join(root, 'runs/a/output.log.gz'))).toString('utf8');
    expect(log).toBe('terminal\n20 70\n100%\nFORCE=\n\u001b[31mbad\u001b[0m\n');
  });

  it('passes on what is typed, the end of it, and a new size', async () => {
    const root = temporaryBook();
    const script = `stty -echo; echo ask; read answer; echo "got $answer"; trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.1; done`;
    const { exitCode, shown } = await atTerminal(root, [], shell(script), [
      ['ask', (terminal) => terminal.write('yes\n')],
      ['ready', (terminal) => terminal.resize(91, 33)],
    ]);
    expect([exitCode, shown]).toEqual([0, 'ask\ngot yes\nready\n33 91\n']);
    const cat = await atTerminal(root, [], shell('stty -echo; echo go; cat'), [
      ['go', (one) => one.write('\u0004')],
    ]);
    expect(cat).toEqual({ exitCode: 0, shown: 'go\n' });
  });

  it('ends as the command does: by Ctrl-C, by a signal sent to us, by a crash, or going its own way', async () => {
    const root = temporaryBook();
    const cases: [string, Act['1'] | undefined, number, object][] = [
      ['echo go; sleep 60', (one) => one.write('\u0003'), 130, { status: 'aborted' }],
      [
        'echo go; exec sleep 60',
        (one) => process.kill(one.pid, 'SIGTERM'),
        143,
        { status: 'aborted', details: { interrupted_by: 'SIGTERM' } },
      ],
      [
        "trap 'echo saved; exit 0' INT; echo go; while :; do sleep 0.1; done",
        (one) => one.write('\u0003'),
        0,
        { status: 'completed' },
      ],
      ['kill -SEGV $$', undefined, 139, { status: 'failed', details: { signal: 'SIGSEGV' } }],
    ];
    for (const [script, act, code, record] of cases) {
      const { exitCode } = await atTerminal(root, [], shell(script), act === undefined ? [] : [['go', act]]);
      expect([script, exitCode]).toEqual([script, code]);
      expect(await lastOf(root)).toMatchObject(record);
    }
    const { exitCode } = await atTerminal(root, [], ['no-such-program']);
    expect(exitCode).toBe(127);
    expect(await lastOf(root)).toMatchObject({ status: 'failed', error: 'The command was not found.' });
  });

  it('loses nothing of much output', async () => {
    const root = temporaryBook();
    const { shown } = await atTerminal(root, [], ['seq', '100000']);
    expect(shown).toBe(Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join(''));
  });

  it('is as without it, and says so, where the package is missing', async () => {
    const [root, folder] = [temporaryBook(), temporaryFolder()];
    const block = join(folder, 'block.cjs');
    writeFileSync(
      block,
      `const M = require('node:module'); const find = M._resolveFilename;
M._resolveFilename = (name, ...rest) => { if (name === '${terminalPackage}') throw new Error('none here'); return find(name, ...rest); };`,
    );
    const script = shell('test -t 1 || echo pipe; exit 5');
    const { exitCode, shown } = await atTerminal(root, [], script, [], ['--require', block]);
    expect(exitCode).toBe(5);
    expect(shown).toMatch(/warning:.* the command sees a pipe and no terminal: .*\(none here\)\npipe\n$/s);
  });
});

describe('daybook exec --tty without a terminal', () => {
  it('is as without it', async () => {
    const root = temporaryBook();
    const script = 'test -t 1 || echo pipe; echo bad >&2; exit 3';
    const argv = [commandLine, 'exec', 'train', '--tty', '--', ...shell(script)];
    const ran = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8', env });
    expect(ran).toMatchObject({ status: 3, stdout: 'pipe\n', stderr: 'bad\n' });
  });

  it('refuses to be left to our terminal', () => {
    const argv = [commandLine, 'exec', 'train', '--tty', '--no-capture', '--', 'true'];
    const ran = spawnSync(process.execPath, argv, { cwd: temporaryBook(), encoding: 'utf8', env });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('--no-capture') });
  });
});
