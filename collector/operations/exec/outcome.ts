import { constants } from 'node:os';
import type { JsonObject } from '../../base/json/json.ts';
import { errorOfEnding, statusOfEnding } from '../../formats/actions/ending.ts';
import { lastErrorLine } from '../../formats/actions/error-line.ts';
import type { Outcome } from './spawn.ts';

/** The status of the action that a command was. */
export function statusOfOutcome(outcome: Outcome): 'completed' | 'failed' | 'aborted' {
  return outcome.startError === null ? statusOfEnding(outcome) : 'failed';
}

/** What the end of a command adds to the details of its action. */
export function factsOfOutcome({ exitCode, signal, interruptedBy, output }: Outcome): JsonObject {
  return {
    exit_code: exitCode,
    ...(signal === null ? {} : { signal }),
    ...(interruptedBy === null ? {} : { interrupted_by: interruptedBy }),
    output,
  };
}

/** Why a command did not end well, as a sentence; undefined where it did. */
export function errorOfOutcome(outcome: Outcome): string | undefined {
  if (outcome.missing) return 'The command was not found.';
  if (outcome.startError !== null) return `The command could not be started: ${outcome.startError}`;
  return errorOfEnding(outcome, lastErrorLine(outcome.errorLines, outcome.output));
}

/** As a shell would say it: 127 not found, 126 not startable, 128 + n after a signal. */
export function exitCodeOfOutcome({ exitCode, signal, missing }: Outcome): number {
  if (missing) return 127;
  if (signal !== null) return 128 + (constants.signals[signal] ?? 0);
  return exitCode ?? 126;
}
