import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { parsePlainJson } from '../base/json/text.ts';
import type { MainEffects } from '../cli/main.ts';

/** One command of Daybook and how it ended. */
export interface Ran {
  exitCode: number;
  /** What it answered, as JSON. */
  answer: unknown;
  /** What it said went wrong. */
  problem: string;
}

/** Runs commands of Daybook in this process, on one book. */
export type Daybook = (argv: readonly string[], input?: string) => Promise<Ran>;

/** The command line of Daybook, as the program that holds both hands it over. */
export type Main = (argv: readonly string[], effects: MainEffects) => Promise<number>;

/** Commands on the book in a folder; what they remark goes to `say`. */
export function daybookIn(
  main: Main,
  folder: string,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Daybook {
  return async (argv, input) => {
    let out = '';
    let problem = '';
    const exitCode = await main(['--json', '--dir', folder, ...argv], {
      cwd: resolve(folder),
      env,
      stdin: () => Readable.from(input === undefined ? [] : [Buffer.from(input)]),
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (problem += text) },
      interruptSignal: () => new AbortController().signal,
    });
    say(`daybook ${argv.join(' ')}: ${exitCode === 0 ? 'done' : `exit code ${exitCode}`}\n`);
    return { exitCode, answer: jsonIn(out), problem: messageIn(problem) };
  };
}

function jsonIn(text: string): unknown {
  try {
    return parsePlainJson(text);
  } catch {
    return undefined;
  }
}

/** Errors come as JSON in the last line; message and what to do, then. */
function messageIn(said: string): string {
  const last = said.trim().split('\n').at(-1) ?? '';
  const error = (jsonIn(last) as { error?: { message?: string; hint?: string } } | undefined)?.error;
  return error === undefined ? last : [error.message, error.hint].filter(Boolean).join(' ');
}
