import { constants } from 'node:os';
import { DaybookError, exitCodes } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { runCommand } from '../../operations/exec/run-command.ts';
import {
  planRerun,
  type Rerun,
  type RerunEffects,
  type RerunPlan,
  rerun,
} from '../../operations/rerun/rerun.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatPlan, formatRerun } from '../text/rerun.ts';
import { warn } from '../warn.ts';
import { progressOf } from './lock.ts';
import { passedOn } from './passed-on.ts';

/** `daybook rerun`: runs a run again from its record, and says whether it reached the same. */
export async function run(context: CommandContext<'rerun'>): Promise<number> {
  const { out, options, json } = context;
  const root = bookRootOf(context);
  const request = {
    run: context.arguments[0],
    tolerance: toleranceOf(options.tolerance),
    ignore: options.ignore,
    keep: options.keep,
  };
  const effects = effectsOf(context, root);
  if (options['dry-run']) {
    const plan = await planRerun(root, request, effects);
    if (json) out.printJson(planJson(plan));
    else for (const line of formatPlan(plan, out)) out.print(line);
    return exitCodes.done;
  }
  const done = await rerun(root, request, effects);
  out.progress();
  if (json) out.printJson(rerunJson(done));
  else for (const line of formatRerun(done, out)) out.print(line);
  return exitCodeOf(done);
}

function effectsOf(context: CommandContext<'rerun'>, root: string): RerunEffects {
  const { out, clock, json } = context;
  const progress = progressOf(context);
  return {
    env: context.env,
    from: context.cwd,
    clock,
    progress: (what, state) => (what === '' ? out.progress() : progress(what, state)),
    onSignal: passedOn,
    tell(doubts, notes) {
      out.progress();
      for (const text of doubts) warn(context, text);
      for (const text of notes) out.note(visibleText(text));
    },
    execute: (command, world) =>
      runCommand(root, command, {
        ...world,
        clock,
        // With --json standard output is for the verdict alone.
        stdout: json ? process.stderr : process.stdout,
        stderr: process.stderr,
        warn: (text) => warn(context, text),
        onSignal: passedOn,
      }),
  };
}

function toleranceOf(given: string | undefined): number {
  if (given === undefined) return 1e-6;
  const tolerance = Number(given);
  if (given.trim() !== '' && Number.isFinite(tolerance) && tolerance >= 0) return tolerance;
  throw new DaybookError('usage', `Expected --tolerance as a number from 0 upwards, found "${given}".`, {
    hint: 'For example --tolerance 1e-3: metrics may differ by a thousandth.',
  });
}

function exitCodeOf({ verdict, interrupted, started }: Rerun): number {
  if (interrupted !== undefined) return 128 + (constants.signals[interrupted as NodeJS.Signals] ?? 0);
  if (!started) return exitCodes.failed;
  return verdict === 'different' ? exitCodes.differences : exitCodes.done;
}

function rerunJson(done: Rerun): JsonObject {
  const { of, run: key, verdict, reasons, tolerance, command, exitCode } = done;
  return {
    of,
    run: key,
    verdict,
    reasons,
    tolerance,
    command: [...command],
    exit_code: exitCode,
    error: done.error ?? null,
    environment: done.environment,
    notes: done.notes,
    folder: done.folder ?? null,
    results: done.entries.map(({ part, name, state, why }) => ({ part, name, state, why: why ?? null })),
  };
}

function planJson({ recorded, run: key, doubts, notes, inputs }: RerunPlan): JsonObject {
  const { run: first, command, cwdText, repos, variables, masked } = recorded;
  const code = Object.entries(repos).map(([name, { path, commit, tree }]) => ({
    name,
    path: path ?? null,
    commit: commit ?? null,
    tree: tree ?? null,
  }));
  const data = [
    ...inputs.same.map((name) => ({ name, state: 'same', why: null })),
    ...inputs.changed.map(({ name, why }) => ({ name, state: 'changed', why })),
  ];
  return {
    of: first.key,
    run: key,
    command: [...command],
    cwd: cwdText,
    code,
    data,
    variables: { ...variables },
    masked: [...masked],
    doubts,
    notes,
  };
}
