import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import { type Clock, monotonicMs } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import type { NewAction } from '../../store/action-writer.ts';
import { openRecorder } from '../../store/spool/recorder.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { resolveAction } from '../actions/record.ts';
import { actionSource } from '../actions/source.ts';
import { environmentWithin, recordedWithin } from '../actions/within.ts';
import { configWarning } from './config-warning.ts';
import { errorOfOutcome, exitCodeOfOutcome, factsOfOutcome, statusOfOutcome } from './outcome.ts';
import type { OutputLog } from './output-log/output-log.ts';
import { type SamplesWish, sampleTimeOf } from './samples/how-often.ts';
import type { Samples } from './samples/samples.ts';
import { type SpawnEffects, spawnCommand } from './spawn.ts';
import type { RunInTerminal } from './terminal.ts';
import { openWorkJournal, type WorkJournal } from './work-journal.ts';

/** A command to run and to record. */
export interface CommandRequest {
  type: string;
  command: readonly string[];
  id?: string | undefined;
  run?: string | undefined;
  /** False leaves the terminal to the command; its last output is then not recorded. */
  capture: boolean;
  /** Gives it a terminal of its own, where we have one. */
  terminal?: boolean | undefined;
  /** Keeps the whole output, at most so many bytes of it. */
  logLimit?: number | undefined;
  /** What the details of the action say beside the command. */
  details?: JsonObject;
  /** The folder it is run in, as the record has it; that of the effects where it is not given. */
  shownFolder?: string;
  /** What the command is told where its book is another one: instead of ours, its run and folder. */
  told?: NodeJS.ProcessEnv;
  /** Takes samples of the machine; what is not said stands in daybook.yaml. */
  samples?: SamplesWish;
}

/** What running a command needs from the world. */
export interface CommandEffects extends SpawnEffects {
  clock: Clock;
  /** Told once, when something could not be recorded, what that is and where it waits; must not throw. */
  warn(text: string): void;
}

/** How a recorded command ended. */
export interface CommandResult {
  /** The exit code to end with. */
  exitCode: number;
  signal: string | null;
  /** Why the command could not even be started; null where it ran. */
  startError: string | null;
  /** Why it did not end well, as a sentence. */
  error: string | undefined;
  durationMs: number;
}

/**
 * Runs a command and records its beginning and its end under one action id. The beginning is written before the command
 * starts, so that a record exists even if this process is killed. Whatever fails on the side of recording, the command
 * runs and its exit code is passed on.
 * @param root The book; undefined where there is none to record in.
 * @throws DaybookError `bad-input` before anything has started, where the request itself is wrong.
 */
export async function runCommand(
  root: string | undefined,
  request: CommandRequest,
  effects: CommandEffects,
): Promise<CommandResult> {
  const { clock } = effects;
  const place = request.shownFolder ?? (root === undefined ? '' : relative(root, effects.cwd));
  const details: JsonObject = {
    command: [...request.command],
    ...(place === '' ? {} : { cwd: place }),
    ...request.details,
  };
  const id = request.id ?? randomUUID();
  const run = request.run ?? (root === undefined ? undefined : recordedWithin(root, effects.env).run);
  const start = resolveAction({ type: request.type, status: 'executing', details, id, run });
  const journal = await journalOf(root, effects);
  const startedAtUs = clock.nowUs();
  const action: NewAction = {
    ...start,
    startedAtUs,
    ...(root !== undefined && { source: actionSource(root, effects.env) }),
  };
  await journal.begin(action);
  const log = await logOf(root, { ...request, run, id, startedAtUs }, effects.warn);
  const terminal = request.terminal === true ? await terminalOf(effects) : undefined;
  const samples = await samplesOf(root, { ...request, run }, effects);
  const began = monotonicMs();
  let [endedAtUs, endedMs] = [startedAtUs, began];
  let sampled: JsonObject | undefined;
  const env = root === undefined ? effects.env : environmentWithin(root, { run, action: id }, effects.env);
  const given: SpawnEffects = {
    ...effects,
    env: { ...env, ...request.told },
    onOutput: log?.add,
    onStart: samples?.start.bind(samples),
  };
  const ended = () => {
    [endedAtUs, endedMs] = [clock.nowUs(), monotonicMs()];
    sampled = samples?.finish();
  };
  const outcome =
    (await terminal?.(request.command, given, ended)) ??
    (await spawnCommand(request.command, request.capture, given, ended));
  const durationMs = Math.round((endedMs - began) * 1000) / 1000;
  const error = errorOfOutcome(outcome);
  const kept = log?.finish(outcome.captured);
  await journal.end({
    ...action,
    status: statusOfOutcome(outcome),
    details: {
      ...details,
      ...factsOfOutcome(outcome),
      ...(kept !== undefined && { log: kept }),
      ...(sampled !== undefined && { samples: sampled }),
    },
    endedAtUs,
    durationMs,
    ...(error === undefined ? {} : { error }),
  });
  // When all is done: the command waits for nothing that is only to be said, and its time is its own.
  const wrong = root === undefined ? undefined : await configWarning(root).catch(() => undefined);
  if (wrong !== undefined) effects.warn(wrong);
  return {
    exitCode: exitCodeOfOutcome(outcome),
    signal: outcome.signal,
    startError: outcome.startError === null ? null : error!,
    error,
    durationMs,
  };
}

/** Loaded only where it is asked for: without it, a command must cost next to nothing. */
async function logOf(
  root: string | undefined,
  {
    logLimit,
    run,
    id,
    startedAtUs,
  }: Pick<CommandRequest, 'logLimit'> & { run: string | undefined; id: string; startedAtUs: number },
  warn: (text: string) => void,
): Promise<OutputLog | undefined> {
  if (root === undefined || logLimit === undefined) return undefined;
  try {
    const { openOutputLog } = await import('./output-log/output-log.ts');
    return await openOutputLog(root, { run, action: id, limit: logLimit, startedAtUs }, warn);
  } catch (error) {
    warn(`the output is not kept: ${messageOf(error)}`);
    return undefined;
  }
}

async function terminalOf(effects: CommandEffects): Promise<RunInTerminal | undefined> {
  const { terminalPackage, terminalRunner } = await import('./terminal.ts');
  try {
    return terminalRunner(effects);
  } catch (error) {
    const [why] = messageOf(error).split('\n');
    effects.warn(
      `the command sees a pipe and no terminal: the package ${terminalPackage} is not installed beside Daybook, or not made for this system (${why})`,
    );
    return undefined;
  }
}

/** Loaded only where it is asked for, like the log. */
async function samplesOf(
  root: string | undefined,
  { run, samples }: Pick<CommandRequest, 'run' | 'samples'>,
  { clock, env, warn }: CommandEffects,
): Promise<Samples | undefined> {
  if (root === undefined || samples === 'off') return undefined;
  try {
    const everyMs = await sampleTimeOf(root, samples, { run, env });
    if (everyMs === undefined) return undefined;
    const { openSamples } = await import('./samples/samples.ts');
    return openSamples(root, { run, everyMs }, { clock, env, warn });
  } catch (error) {
    warn(`the machine is not sampled: ${messageOf(error)}`);
    return undefined;
  }
}

/** Without a book there is nothing to write to, and the one who has none was told so. */
async function journalOf(root: string | undefined, { clock, warn }: CommandEffects): Promise<WorkJournal> {
  if (root === undefined) return { begin: async () => undefined, end: async () => undefined };
  return openWorkJournal(openRecorder(root, { ...(await readWriteSettings(root)), clock }), warn);
}
