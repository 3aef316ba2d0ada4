import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { bookPath } from '../../base/paths.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import { placeKey } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import { actionsBehind, lengthOfLog } from '../../store/rerun/inner-log.ts';
import { keepResults } from '../../store/rerun/keep.ts';
import { makeEmptyFolder, removeRerunFolder } from '../../store/rerun/space.ts';
import { filesBelow } from '../../store/rerun/written.ts';
import { openRecorder } from '../../store/spool/recorder.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { defaultLogLimit } from '../exec/log-limit.ts';
import type { CommandEffects, CommandRequest, CommandResult } from '../exec/run-command.ts';
import type { ReceiptEffects } from '../receipts/issue-receipt.ts';
import { readBookRuns } from '../runs/find.ts';
import { environmentChanges } from './environment.ts';
import { type PreparedRerun, prepareRerun } from './prepare.ts';
import { openRerunReceipt, placeFor, type RerunReceipt } from './receipt.ts';
import { type RecordedRun, recordedRun } from './recorded.ts';
import { resultsOf, tellsOfTime } from './results.ts';
import { type RerunVerdict, type ResultEntry, type VerdictOptions, verdictOf } from './verdict.ts';

/** Which run is to be run again, and how its results are held against the new ones. */
export interface RerunRequest {
  run: string;
  /** How far metrics may differ, as a share of the larger value. */
  tolerance: number;
  /** Metrics that are not compared. */
  ignore: readonly string[];
  /** A folder for the code, which stays; a temporary one, which is removed, where it is not given. */
  keep?: string | undefined;
}

/** What a rerun needs from the world. */
export interface RerunEffects extends ReceiptEffects {
  /** Runs a command and records it. */
  execute(request: CommandRequest, world: Pick<CommandEffects, 'env' | 'cwd'>): Promise<CommandResult>;
  /** Calls back on each signal that reaches us; the result stops that. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Told before the command starts: why nothing can be concluded, and what is not from the record. */
  tell(doubts: readonly string[], notes: readonly string[]): void;
}

/** A run that was run again. */
export interface Rerun extends RerunVerdict {
  /** Keys of the first run and of the new one. */
  of: string;
  run: string;
  command: readonly string[];
  exitCode: number;
  /** False where the command could not be run. */
  started: boolean;
  /** A signal that reached us while it ran. */
  interrupted: string | undefined;
  tolerance: number;
  /** What the command said last of why it failed. */
  error: string | undefined;
  /** What is different now in what it ran in, as phrases. */
  environment: string[];
  notes: string[];
  /** How many files it wrote beside its results, which are not kept. */
  left: number;
  /** Where the code is, where it was kept. */
  folder: string | undefined;
}

/** What would be done. */
export interface RerunPlan extends Pick<PreparedRerun, 'doubts' | 'notes' | 'inputs'> {
  recorded: RecordedRun;
  /** Key that the new run would get. */
  run: string;
}

/**
 * Runs the command of a run again, with the code, data and variables that are recorded, as a new run that has the first one
 * as its parent, and compares what both reached. All of it happens in a folder of its own; what the command wrote to the
 * folder of the run, its outputs and what it attached are kept in the folder of the new run. The first run stays as it is.
 * @throws DaybookError `not-found` where command or code are not recorded or not to be had.
 */
export async function rerun(root: string, request: RerunRequest, effects: RerunEffects): Promise<Rerun> {
  const recorded = await recordedRun(root, await readBookRuns(root), request.run);
  return withFolder(recorded, root, request, effects, (prepared, signals) =>
    rerunIn(root, recorded, prepared, request, effects, signals),
  );
}

/** Does all that comes before the command, and says what would come of it; the book stays as it is. */
export async function planRerun(
  root: string,
  request: RerunRequest,
  effects: RerunEffects,
): Promise<RerunPlan> {
  const recorded = await recordedRun(root, await readBookRuns(root), request.run);
  const temporary = { ...request, keep: undefined };
  return withFolder(recorded, root, temporary, effects, async ({ doubts, notes, inputs }) => ({
    recorded,
    run: placeKey(placeFor(root, recorded.run, recorded.receipt)),
    doubts,
    notes,
    inputs,
  }));
}

/** The folder goes away whatever happens, but for a kept one. */
async function withFolder<T>(
  recorded: RecordedRun,
  root: string,
  { keep }: RerunRequest,
  effects: RerunEffects,
  use: (prepared: PreparedRerun, signals: NodeJS.Signals[]) => Promise<T>,
): Promise<T> {
  const signals: NodeJS.Signals[] = [];
  const stop = effects.onSignal((signal) => signals.push(signal));
  const folder =
    keep === undefined ? makeWorkFolder('rerun') : makeEmptyFolder(resolve(effects.from, keep), keep);
  try {
    const prepared = await prepareRerun(root, recorded, folder, effects);
    effects.progress?.('');
    if (signals.length > 0)
      throw new DaybookError(
        'failed',
        `Ended by ${signals[0]} before the command had begun; nothing was recorded.`,
      );
    return await use(prepared, signals);
  } finally {
    if (keep === undefined) removeRerunFolder(folder);
    stop();
  }
}

async function rerunIn(
  root: string,
  recorded: RecordedRun,
  prepared: PreparedRerun,
  { tolerance, ignore, keep }: RerunRequest,
  effects: RerunEffects,
  signals: NodeJS.Signals[],
): Promise<Rerun> {
  const { run, origin, receipt, command, cwdText } = recorded;
  const { space, inputs, inner, place } = prepared;
  const { words, env } = prepared.command;
  const opened = await openRerunReceipt(root, recorded, inputs, { ...effects, env });
  try {
    effects.tell(prepared.doubts, prepared.notes);
    const key = placeKey(bookPath(root, opened.home));
    const before = filesBelow(space.folder);
    const logged = lengthOfLog(inner);
    const result = await effects.execute(
      {
        type: 'rerun',
        command: words,
        run: key,
        capture: true,
        logLimit: run.files.some(({ kind }) => kind === 'log') ? defaultLogLimit : undefined,
        details: { command: [...command], rerun_of: run.key },
        shownFolder: cwdText === '.' ? '' : cwdText,
        // What it records is recorded in its folder, under the names of then: no place of the first run is written to.
        told: { DAYBOOK_BOOK: inner, DAYBOOK_RUN: origin.key, DAYBOOK_RUN_DIR: place },
      },
      { env, cwd: space.placeOf(recorded.cwd)! },
    );
    const kept = keepResults({
      root,
      folder: space.folder,
      inner,
      place,
      home: opened.home,
      before,
      outputs: prepared.outputs,
    });
    for (const [name, path] of kept.outputs) opened.outputs.set(name, path);
    await takeActions(root, { inner, logged, from: origin.key, to: key });
    const ended = endOf(result, signals);
    const isLeftOut = (name: string) => ignore.includes(name) || tellsOfTime(name);
    const options = { tolerance, doubts: prepared.doubts, ended, isLeftOut };
    const verdict = await finish(root, opened, result, { run, key, ...options });
    return {
      of: run.key,
      run: key,
      command,
      exitCode: result.exitCode,
      started: result.startError === null,
      interrupted: signals[0],
      tolerance,
      error: result.error,
      environment: environmentChanges(receipt?.environment, opened.opened.environment),
      notes: prepared.notes,
      left: kept.left,
      folder: keep === undefined ? undefined : space.folder,
      ...verdict,
    };
  } catch (error) {
    opened.opened.release();
    throw error;
  }
}

function endOf({ startError, signal }: CommandResult, [interrupted]: readonly string[]): string | undefined {
  if (interrupted !== undefined) return `The rerun was ended by ${interrupted}.`;
  if (startError !== null) return `The command could not be run: ${startError}`;
  return signal === null ? undefined : `The command was ended by ${signal}.`;
}

/** Writes the receipt of the new run, the verdict in it. */
async function finish(
  root: string,
  { opened }: RerunReceipt,
  result: CommandResult,
  { run, key, ...options }: VerdictOptions & { run: RunRecord; key: string },
): Promise<RerunVerdict> {
  let verdict: RerunVerdict | undefined;
  await opened.finish(result, async (outputs) => {
    const now = (await readBookRuns(root)).find((each) => each.key === key);
    const after = now === undefined ? { outputs: new Map(), metrics: new Map() } : resultsOf(now);
    const digests = new Map<string, string | undefined>(after.outputs);
    for (const [name, output] of Object.entries(outputs)) digests.set(name, digestIn(output));
    verdict = verdictOf(
      resultsOf(run),
      { metrics: after.metrics, exitCode: result.exitCode, outputs: digests },
      options,
    );
    return { rerun: rerunJson(run.key, verdict, options.tolerance) };
  });
  return verdict!;
}

function digestIn(output: unknown): string | undefined {
  const digest = isObject(output) ? output['digest'] : undefined;
  return typeof digest === 'string' ? digest : undefined;
}

const maxResults = 200;

function rerunJson(of: string, { verdict, reasons, entries }: RerunVerdict, tolerance: number): JsonObject {
  const order: readonly ResultEntry['state'][] = ['different', 'within tolerance', 'same', 'left out'];
  const sorted = entries.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const results = sorted
    .slice(0, maxResults)
    .map(({ part, name, state, why }) => ({ part, name, state, ...(why !== undefined && { why }) }));
  return { of, verdict, reasons, tolerance, results };
}

/** What the command recorded in the log of its folder becomes ours. */
async function takeActions(
  root: string,
  { inner, logged, from, to }: { inner: string; logged: number; from: string; to: string },
): Promise<void> {
  const records = await actionsBehind(inner, logged);
  if (records.length === 0) return;
  const recorder = openRecorder(root, await readWriteSettings(root));
  for (const { type, statusWord, details, actionId, run, error, source, ...times } of records) {
    const { startedAtUs, endedAtUs, durationMs } = times;
    await recorder.record({
      type,
      status: statusWord,
      details,
      ...(actionId !== undefined && { id: actionId }),
      ...(run !== undefined && { run: run === from ? to : run }),
      ...(error !== undefined && { error }),
      ...(source !== undefined && { source }),
      ...(startedAtUs !== undefined && { startedAtUs }),
      ...(endedAtUs !== undefined && { endedAtUs }),
      ...(durationMs !== undefined && { durationMs }),
    });
  }
  await recorder.settle();
}
