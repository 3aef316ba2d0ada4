import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { relative } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { messageOf, systemCodeOf } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { openActionWriter } from '../store/action-writer.ts';
import { actionSource } from './action-source.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';
import { resolveAction } from './record-action.ts';
import { readWriteSettings } from './write-settings.ts';

/** A command to run and to record. */
export interface CommandRequest {
  type: string;
  command: readonly string[];
  id?: string | undefined;
  run?: string | undefined;
  /** False leaves the terminal to the command; its last output is then not recorded. */
  capture: boolean;
}

/** What running a command needs from the world. */
export interface CommandEffects {
  clock: Clock;
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Calls back on each signal sent to us while the command runs; the result stops that. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
}

interface Outcome {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** A signal that reached us, whether or not the command died of it. */
  interruptedBy: NodeJS.Signals | null;
  startError: string | null;
  missing: boolean;
  output: string[];
}

/** How a recorded command ended. */
export interface CommandResult {
  /** The exit code to end with. */
  exitCode: number;
  /** Why the command could not even be started; null where it ran. */
  startError: string | null;
  durationMs: number;
}

/**
 * Runs a command and records its beginning and its end under one action id.
 * The beginning is written before the command starts, so that a record exists even if this process is killed.
 */
export async function runCommand(
  root: string,
  request: CommandRequest,
  effects: CommandEffects,
): Promise<CommandResult> {
  const settings = await readWriteSettings(root);
  const { clock } = effects;
  const place = relative(root, effects.cwd);
  const details: JsonObject = { command: [...request.command], ...(place === '' ? {} : { cwd: place }) };
  const id = request.id ?? randomUUID();
  const start = resolveAction({ type: request.type, status: 'executing', details, id, run: request.run });
  const source = actionSource(root, effects.env);
  const writer = openActionWriter(root, { ...settings, clock });
  try {
    const startedAtUs = clock.nowUs();
    await writer.appendDurable({ ...start, source, startedAtUs });
    const began = performance.now();
    let [endedAtUs, endedMs] = [startedAtUs, began];
    const outcome = await runRecorded(request, effects, () => {
      [endedAtUs, endedMs] = [clock.nowUs(), performance.now()];
    });
    const durationMs = Math.round((endedMs - began) * 1000) / 1000;
    const error = errorOf(outcome);
    await writer.appendDurable({
      ...start,
      status: statusOf(outcome),
      details: { ...details, ...factsOf(outcome) },
      source,
      startedAtUs,
      endedAtUs,
      durationMs,
      ...(error === undefined ? {} : { error }),
    });
    return {
      exitCode: exitCodeOf(outcome),
      startError: outcome.startError === null ? null : error!,
      durationMs,
    };
  } finally {
    await writer.close();
  }
}

/** `ended` is called when the command itself is over; what it left running may hold its output open for longer. */
function runRecorded(request: CommandRequest, effects: CommandEffects, ended: () => void): Promise<Outcome> {
  const [program, ...rest] = request.command;
  const tail = createOutputTail();
  const outcome: Outcome = {
    exitCode: null,
    signal: null,
    interruptedBy: null,
    startError: null,
    missing: false,
    output: [],
  };
  return new Promise((resolve) => {
    const child = spawn(program!, rest, {
      cwd: effects.cwd,
      env: request.capture ? { ...effects.env, ...terminalHints(effects) } : effects.env,
      stdio: request.capture ? ['inherit', 'pipe', 'pipe'] : 'inherit',
    });
    const stop = effects.onSignal((signal) => {
      outcome.interruptedBy = signal;
      // Ctrl-C on a terminal reaches the whole foreground group: passing it on would deliver it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
    passThrough(child, effects, tail, outcome);
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
      resolve({ ...outcome, exitCode, signal, output: tail.lines() });
    }
  });
}

/** Tees the output of the command: on to ours, and its end into the record. */
function passThrough(child: ChildProcess, effects: CommandEffects, tail: OutputTail, outcome: Outcome): void {
  for (const [from, to] of [
    [child.stdout, effects.stdout],
    [child.stderr, effects.stderr],
  ] as const) {
    // Whoever read our output has gone: the command learns it as it would without us.
    to.on('error', () => {
      outcome.interruptedBy ??= 'SIGPIPE';
      from?.destroy();
    });
    from?.on('data', (chunk: Buffer) => {
      tail.add(chunk);
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
function terminalHints({ stdout, env }: CommandEffects): NodeJS.ProcessEnv {
  if (!stdout.isTTY || (env.NO_COLOR ?? '') !== '' || env.FORCE_COLOR !== undefined) return {};
  return { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', COLUMNS: String(stdout.columns ?? 80) };
}

const interrupting: readonly (NodeJS.Signals | null)[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGKILL',
  'SIGQUIT',
  'SIGPIPE',
];

function statusOf(outcome: Outcome): 'completed' | 'failed' | 'aborted' {
  if (interrupting.includes(outcome.signal)) return 'aborted';
  if (outcome.interruptedBy !== null && outcome.exitCode !== 0) return 'aborted';
  return outcome.exitCode === 0 ? 'completed' : 'failed';
}

function factsOf({ exitCode, signal, interruptedBy, output }: Outcome): JsonObject {
  return {
    exit_code: exitCode,
    ...(signal === null ? {} : { signal }),
    ...(interruptedBy === null ? {} : { interrupted_by: interruptedBy }),
    output,
  };
}

function errorOf({ startError, missing, signal, exitCode, interruptedBy }: Outcome): string | undefined {
  if (missing) return 'The command was not found.';
  if (startError !== null) return `The command could not be started: ${startError}`;
  if (signal !== null) return `The command was ended by ${signal}.`;
  if (exitCode === 0) return undefined;
  return interruptedBy === null
    ? `The command ended with exit code ${exitCode}.`
    : `The command was interrupted by ${interruptedBy} and ended with exit code ${exitCode}.`;
}

/** As a shell would say it: 127 not found, 126 not startable, 128 + n after a signal. */
function exitCodeOf({ exitCode, signal, missing }: Outcome): number {
  if (missing) return 127;
  if (signal !== null) return 128 + (constants.signals[signal] ?? 0);
  return exitCode ?? 126;
}
