#!/usr/bin/env node
import { main } from './cli/main.ts';
import { openStandardStream } from './cli/standard-streams.ts';

/** Created when a command asks for it; the others end at once on Ctrl-C, as any program does. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(128 + number);
      controller.abort(signal);
    });
  }
  return controller.signal;
}

/** A shell may stand in a folder that was removed; work can go on there. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/';
  }
}

/** The step of a workflow names no command: GitHub hands over what is wanted in the environment. */
function isActionStep(): boolean {
  const { GITHUB_ACTIONS: isJob, INPUT_COMMAND: command } = process.env;
  return process.argv.length === 2 && isJob === 'true' && command !== undefined;
}

async function runStep(): Promise<number> {
  const { runAction } = await import('./github-action/run-action.ts');
  return runAction({ env: process.env, write: (text) => void process.stdout.write(text), main });
}

const runLine = (): Promise<number> =>
  main(process.argv.slice(2), {
    cwd: currentFolder(),
    env: process.env,
    stdin: () => process.stdin,
    stdout: openStandardStream(1),
    stderr: openStandardStream(2),
    interruptSignal,
    // Everything is written by then, and taking the engine apart in good order costs a short command a tenth of its time.
    end: (exitCode) => process.exit(exitCode),
  });

(isActionStep() ? runStep() : runLine()).then((exitCode) => {
  process.exitCode = exitCode;
});
