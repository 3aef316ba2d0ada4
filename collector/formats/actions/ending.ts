import type { DisplayStatus } from './status.ts';

/** How a command ended, as the one who ran it knows. */
export interface Ending {
  /** Undefined or null where a signal ended it or it never ran. */
  exitCode?: number | null | undefined;
  signal?: string | null | undefined;
  /** A signal that reached the one who ran the command, whether or not the command died of it. */
  interruptedBy?: string | null | undefined;
}

/** Numbers of signals as shells put them into exit codes; those that mean the same on every system. */
const signalNumbers: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** Signals that a program brings upon itself: a crash is a failure, whatever carried the news. */
const crashes: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGEMT',
  'SIGFPE',
  'SIGILL',
  'SIGIOT',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

/**
 * The status of what a command did, decided here and nowhere else: completed with exit code 0, aborted where someone or
 * the system ended it from outside (killed, interrupted, its reader gone), failed otherwise, also by a crash.
 */
export function statusOfEnding(ending: Ending): Extract<DisplayStatus, 'completed' | 'failed' | 'aborted'> {
  const signal = signalOfEnding(ending);
  if (signal !== undefined) return crashes.has(signal) ? 'failed' : 'aborted';
  if (ending.exitCode === 0) return 'completed';
  return ending.interruptedBy ? 'aborted' : 'failed';
}

/**
 * The signal that ended a command: its own, or the one that an exit code of 128 + n speaks of, with which shells and
 * programs that tidy up pass on what ended them; Python writes it as a negative number.
 */
export function signalOfEnding({ exitCode, signal }: Ending): string | undefined {
  if (signal) return signal;
  if (exitCode === null || exitCode === undefined) return undefined;
  return signalNumbers[exitCode > 128 ? exitCode - 128 : -exitCode];
}

/**
 * Why a command did not end well: the line it gave as its reason and how it ended, or a sentence where it gave none; undefined for a good end. Anyone who is
 * killed from outside is not the reason of it, so that its last line is left out.
 */
export function errorOfEnding(ending: Ending, line?: string): string | undefined {
  const { exitCode, signal, interruptedBy } = ending;
  const status = statusOfEnding(ending);
  if (status === 'completed') return undefined;
  const passedOn = signal ? undefined : signalOfEnding(ending);
  const code = `exit code ${exitCode}${passedOn === undefined ? '' : ` (${passedOn})`}`;
  const isReason = line !== undefined && status === 'failed';
  // The reason comes first: lists have room for the beginning alone.
  if (isReason) return `${line} (${signal || code})`;
  const how = signal
    ? `The command was ended by ${signal}`
    : interruptedBy
      ? `The command was interrupted by ${interruptedBy} and ended with ${code}`
      : `The command ended with ${code}`;
  return `${how}.`;
}
