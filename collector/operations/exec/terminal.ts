import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants as systemConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { createOutputTail } from './output-tail.ts';
import type { Outcome, SpawnEffects } from './spawn.ts';

/** What is used of @lydell/node-pty, which is loaded where it is installed and never needed. */
interface PtyModule {
  spawn(program: string, args: string[], options: PtyOptions): Pty;
}

interface PtyOptions {
  name: string;
  cols: number;
  rows: number;
  cwd: string;
  env: NodeJS.ProcessEnv;
  encoding: null;
}

interface Pty {
  readonly pid: number;
  onData(listener: (chunk: Buffer) => void): void;
  onExit(listener: (end: { exitCode: number; signal?: number }) => void): void;
  write(data: Buffer | string): void;
  resize(columns: number, rows: number): void;
  kill(signal?: string): void;
  pause(): void;
  resume(): void;
}

/** Runs a command in a terminal of its own; never throws. Undefined where the terminal could not be made: nothing has run then. */
export type RunInTerminal = (
  command: readonly string[],
  effects: SpawnEffects,
  ended: () => void,
) => Promise<Outcome | undefined>;

/** The package that makes terminals. */
export const terminalPackage = '@lydell/node-pty';

/** So much may wait for a slow reader before the command has to wait, too. */
const mostWaiting = 1024 * 1024;

/**
 * What runs commands in terminals. Undefined where we have none ourselves (in CI, in a pipe, in the background): the command then
 * sees what we see.
 * @throws Error where the package is not installed, or not made for this system.
 */
export function terminalRunner(
  { stdout, stderr }: SpawnEffects,
  stdin: NodeJS.ReadStream = process.stdin,
): RunInTerminal | undefined {
  if (!stdin.isTTY || !stdout.isTTY || !stderr.isTTY || isInBackground()) return undefined;
  const pty = createRequire(import.meta.url)(terminalPackage) as PtyModule;
  return (command, effects, ended) => runIn(pty, stdin, command, effects, ended);
}

/** Changing a terminal from the background stops the one who tries. */
function isInBackground(): boolean {
  try {
    const text = readFileSync('/proc/self/stat', 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[2] !== fields[5];
  } catch {
    return false;
  }
}

async function runIn(
  pty: PtyModule,
  stdin: NodeJS.ReadStream,
  [program, ...args]: readonly string[],
  effects: SpawnEffects,
  ended: () => void,
): Promise<Outcome | undefined> {
  const { stdout, env, cwd } = effects;
  const outcome: Outcome = {
    exitCode: null,
    signal: null,
    interruptedBy: null,
    startError: null,
    missing: false,
    captured: true,
    output: [],
    errorLines: [],
  };
  if (!canBeFound(program!, env)) {
    ended();
    return { ...outcome, missing: true, startError: `spawn ${program} ENOENT` };
  }
  let child: Pty;
  try {
    const { columns: cols = 80, rows = 24 } = stdout as Partial<NodeJS.WriteStream>;
    const name = env['TERM'] || 'xterm-256color';
    child = pty.spawn(program!, args, { name, cols, rows, cwd, env, encoding: null });
  } catch {
    return undefined;
  }
  effects.onStart?.(child.pid);
  const tail = createOutputTail();
  const release = connect(child, stdin, effects, (chunk) => tail.add(chunk));
  const stop = effects.onSignal((signal) => {
    outcome.interruptedBy = signal;
    child.kill(signal);
  });
  return new Promise((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      ended();
      stop();
      release();
      const name = signal ? nameOfSignal(signal) : null;
      resolve({ ...outcome, exitCode: name === null ? exitCode : null, signal: name, output: tail.lines() });
    });
  });
}

/** Passes keys, sizes and output between our terminal and that of the command; the result ends that. */
function connect(
  child: Pty,
  stdin: NodeJS.ReadStream,
  { stdout, onOutput }: SpawnEffects,
  keep: (chunk: Buffer) => void,
): () => void {
  const output = stdout as NodeJS.WriteStream;
  child.onData((chunk) => {
    keep(chunk);
    onOutput?.(chunk, false);
    output.write(chunk);
    if (output.writableLength <= mostWaiting) return;
    child.pause();
    output.once('drain', () => child.resume());
  });
  const onKeys = (keys: Buffer) => child.write(keys);
  const onSize = () => child.resize(output.columns, output.rows);
  const onGone = () => undefined;
  // Keys go through as they are: what Ctrl-C means is for the terminal of the command to say.
  stdin.setRawMode(true);
  stdin.on('data', onKeys).on('error', onGone).resume();
  output.on('resize', onSize).on('error', onGone);
  return () => {
    stdin.off('data', onKeys).pause();
    stdin.setRawMode(false);
    // Reading it must not keep us when everything else is done.
    stdin.unref();
    output.off('resize', onSize);
  };
}

/** Whether there is such a program: the terminal would only say so on itself. */
function canBeFound(program: string, env: NodeJS.ProcessEnv): boolean {
  if (process.platform === 'win32') return true;
  const places = program.includes('/')
    ? [program]
    : (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  return places.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function nameOfSignal(number: number): NodeJS.Signals | null {
  const found = Object.entries(systemConstants.signals).find(([, value]) => value === number);
  return (found?.[0] as NodeJS.Signals | undefined) ?? null;
}
