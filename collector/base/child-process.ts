import type { ChildProcess } from 'node:child_process';
import { DaybookError, messageOf } from './errors.ts';

/** What became of a command; a failing one is a result, not an error. */
export interface RunResult {
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Whether output beyond `maxBytes` was dropped. */
  truncated: boolean;
  durationMs: number;
}

/** How to run a command. */
export interface RunOptions {
  cwd?: string;
  /** Set on top of this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** After that the command and everything it started are ended. Without it there is no limit. */
  timeoutMs?: number;
  /** Text for its standard input; without it standard input is closed. */
  input?: string | Uint8Array;
  /** How much of each output stream is kept (the beginning); 1 MiB unless told otherwise. */
  maxBytes?: number;
  /** How output becomes text: utf8 unless told otherwise; latin1 keeps every byte apart. */
  encoding?: 'utf8' | 'latin1';
  /** Hand `command` to the system's shell. Only for command lines a user wrote. */
  shell?: boolean;
}

/** How long a command may take to end by itself after it was asked to (SIGTERM), before it is killed. */
const graceMs = 500;
const defaultMaxBytes = 1024 * 1024;

/** Runs a command to its end with bounded time and output; throws only when it cannot be started. */
export function runProcess(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const limited = options.timeoutMs !== undefined;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawnChild(command, args, options, limited, reject);
    if (child === undefined) return;
    const stdout = collect(child.stdout, options.maxBytes ?? defaultMaxBytes);
    const stderr = collect(child.stderr, options.maxBytes ?? defaultMaxBytes);
    const limit = limited ? startLimit(child, options.timeoutMs ?? 0) : undefined;
    child.once('error', (error) => {
      limit?.stop();
      reject(cannotStart(command, error));
    });
    child.once('close', (exitCode, signal) => {
      limit?.stop();
      resolve({
        exitCode,
        signal,
        stdout: stdout.text(options.encoding),
        stderr: stderr.text(),
        timedOut: limit?.fired() ?? false,
        truncated: stdout.truncated() || stderr.truncated(),
        durationMs: Math.round(performance.now() - startedMs),
      });
    });
    feed(child, options.input);
  });
}

function spawnChild(
  command: string,
  args: string[],
  options: RunOptions,
  ownGroup: boolean,
  reject: (error: DaybookError) => void,
): ChildProcess | undefined {
  // Loaded with the first command that is started: it brings sockets and streams, which most readers never use.
  const { spawn } = process.getBuiltinModule('node:child_process');
  try {
    return spawn(command, args, {
      cwd: options.cwd,
      env: options.env === undefined ? process.env : { ...process.env, ...options.env },
      shell: options.shell ?? false,
      // A group of its own lets a time limit end grandchildren too; without a limit the terminal keeps reaching it.
      detached: ownGroup && process.platform !== 'win32',
      windowsHide: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    reject(cannotStart(command, error));
    return undefined;
  }
}

function cannotStart(command: string, error: unknown): DaybookError {
  return new DaybookError('unavailable', `Cannot start "${command}": ${messageOf(error)}`, {
    hint: 'Check that the program is installed, that its folder is in PATH, and that the working folder exists.',
    cause: error,
  });
}

function feed(child: ChildProcess, input: string | Uint8Array | undefined): void {
  if (child.stdin === null || input === undefined) return;
  child.stdin.on('error', () => {}); // The command may end without reading its input; its exit code tells.
  child.stdin.end(input);
}

function collect(stream: NodeJS.ReadableStream | null, maxBytes: number) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let dropped = false;
  stream?.on('data', (chunk: Buffer) => {
    const room = maxBytes - kept;
    if (chunk.length > room) dropped = true;
    if (room <= 0) return;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    kept += Math.min(chunk.length, room);
  });
  return {
    text: (encoding: 'utf8' | 'latin1' = 'utf8') => Buffer.concat(chunks).toString(encoding),
    truncated: () => dropped,
  };
}

function startLimit(child: ChildProcess, timeoutMs: number) {
  let fired = false;
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
  later(timeoutMs, () => {
    fired = true;
    endGroup(child, 'SIGTERM');
    later(graceMs, () => {
      endGroup(child, 'SIGKILL');
      // Something that left the group may hold the pipes open for ever: let go of them.
      later(graceMs, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    });
  });
  return {
    fired: () => fired,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      // The command is over, but what it left running in its group is not: the limit covers that too.
      if (fired) endGroup(child, 'SIGKILL');
    },
  };
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: already gone.
  }
}
