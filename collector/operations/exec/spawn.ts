import { type ChildProcess, spawn } from 'node:child_process';
import { messageOf, systemCodeOf } from '../../base/errors.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';

/** What running a command needs from the world. */
export interface SpawnEffects {
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Told the number of its process when the command has started; must not throw. */
  onStart?: ((pid: number) => void) | undefined;
  /** Told of everything that the command writes, while its output is captured; must not throw. */
  onOutput?: ((chunk: Uint8Array, isError: boolean) => void) | undefined;
  /** Calls back on each signal sent to us while the command runs; the result stops that. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
}

/** How a command went. */
export interface Outcome {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** A signal that reached us, whether or not the command died of it. */
  interruptedBy: NodeJS.Signals | null;
  startError: string | null;
  missing: boolean;
  /** False where the output went past us. */
  captured: boolean;
  /** The last lines of both streams together. */
  output: string[];
  /** The last lines of standard error alone: what goes to the other stream may come late and push them out. */
  errorLines: string[];
}

/**
 * Runs a command with its input, output and signals passed through; never throws. `ended` is called when the command
 * itself is over; what it left running may hold its output open for longer.
 */
export async function spawnCommand(
  command: readonly string[],
  capture: boolean,
  effects: SpawnEffects,
  ended: () => void,
): Promise<Outcome> {
  const outcome = await spawnOnce(command, capture, effects, ended);
  // Capturing costs pipes: where there are no more of them, the command is worth more than its output.
  const isShort = outcome.startError !== null && /\b(?:EMFILE|ENFILE)\b/.test(outcome.startError);
  return capture && isShort ? spawnOnce(command, false, effects, ended) : outcome;
}

function spawnOnce(
  command: readonly string[],
  capture: boolean,
  effects: SpawnEffects,
  ended: () => void,
): Promise<Outcome> {
  const [program, ...rest] = command;
  const tail = createOutputTail();
  const errorTail = createOutputTail(60, 8192);
  const outcome: Outcome = {
    exitCode: null,
    signal: null,
    interruptedBy: null,
    startError: null,
    missing: false,
    captured: capture,
    output: [],
    errorLines: [],
  };
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program!, rest, {
        // A folder that was removed can still be worked in, but not be named.
        ...(effects.cwd === currentFolder() ? {} : { cwd: effects.cwd }),
        env: capture ? { ...effects.env, ...terminalHints(effects) } : effects.env,
        stdio: capture ? ['inherit', 'pipe', 'pipe'] : 'inherit',
      });
    } catch (error) {
      // Some errors are not told by an event: too many arguments, for one.
      ended();
      resolve({ ...outcome, startError: messageOf(error) });
      return;
    }
    if (child.pid !== undefined) effects.onStart?.(child.pid);
    const stop = effects.onSignal((signal) => {
      outcome.interruptedBy = signal;
      // Ctrl-C on a terminal reaches the whole foreground group: passing it on would deliver it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
    passThrough(child, effects, [tail, errorTail], outcome);
    child.once('error', (error) => {
      outcome.startError = messageOf(error);
      outcome.missing = systemCodeOf(error) === 'ENOENT';
      ended();
      if (child.pid === undefined) finish();
    });
    child.once('exit', () => {
      ended();
      endWithin(child, 2000);
    });
    child.once('close', (exitCode, signal) => finish(exitCode, signal));

    function finish(exitCode: number | null = null, signal: NodeJS.Signals | null = null): void {
      stop();
      resolve({ ...outcome, exitCode, signal, output: tail.lines(), errorLines: errorTail.lines() });
    }
  });
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Tees the output of the command: on to ours, and its end into the record. */
function passThrough(
  child: ChildProcess,
  effects: SpawnEffects,
  [tail, errorTail]: [OutputTail, OutputTail],
  outcome: Outcome,
): void {
  for (const [from, to] of [
    [child.stdout, effects.stdout],
    [child.stderr, effects.stderr],
  ] as const) {
    // The reader of our output has gone: the command learns it as it would without us.
    to.on('error', () => {
      outcome.interruptedBy ??= 'SIGPIPE';
      from?.destroy();
    });
    from?.on('data', (chunk: Buffer) => {
      tail.add(chunk);
      effects.onOutput?.(chunk, from === child.stderr);
      if (from === child.stderr) errorTail.add(chunk);
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
  }
}

/** A background process that keeps the pipes open must not keep us; output still waiting for a slow reader may. */
function endWithin(child: ChildProcess, ms: number): void {
  const pipes = [child.stdout, child.stderr];
  const timer = setInterval(() => {
    if (pipes.some((pipe) => pipe?.isPaused())) return;
    clearInterval(timer);
    for (const pipe of pipes) pipe?.destroy();
  }, ms).unref();
  child.once('close', () => clearInterval(timer));
}

/** The command sees a pipe: tell it that colours are still welcome where we have a terminal. */
function terminalHints({ stdout, env }: SpawnEffects): NodeJS.ProcessEnv {
  if (!stdout.isTTY || (env.NO_COLOR ?? '') !== '' || env.FORCE_COLOR !== undefined) return {};
  return { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', COLUMNS: String(stdout.columns ?? 80) };
}
