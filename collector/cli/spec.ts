import { flag, type Options, text } from './options.ts';

/** One positional argument of a command. */
export interface ArgumentSpec {
  name: string;
  required?: boolean;
  /** True where the rest of the line belongs to it. */
  many?: boolean;
  description: string;
}

/** What a command takes and what is said of it. Parsing, help, docs/cli.md and the types of its code are all made from this. */
export interface CommandSpec {
  alias?: string;
  /** One line for the list of commands. */
  summary: string;
  /** Paragraphs for the help of the command itself. */
  description: readonly string[];
  arguments: readonly ArgumentSpec[];
  options: Options;
  /** Name of what follows "--", for commands that take a foreign command line. */
  passthrough?: string;
  examples: readonly { line: string; does: string }[];
  /** What --json prints. */
  json?: string;
  /** Exit codes that mean something particular here; the common ones are in exitCodeMeanings. */
  exitCodes?: readonly { code: string; means: string }[];
  /** True where nothing goes on behind its answer: then the process need not wait for what may be open. */
  endsAtOnce?: true;
}

/** Commands by name: one word, or two ("ledger allocate"), where those with the same first word are listed together. */
export type Commands = Readonly<Record<string, CommandSpec>>;

/** Options that every command takes. */
export const globalOptions = {
  dir: text('folder', 'the book; default: the nearest folder upwards with daybook.yaml, snapshots/ or .git'),
  json: flag('print only JSON on standard output, and errors as JSON'),
  quiet: flag('print no progress and no notes', { short: 'q' }),
  debug: flag('print the stack of an error'),
  help: flag('show help', { short: 'h' }),
  version: flag('show the version', { short: 'v' }),
} as const satisfies Options;

/** What the exit codes mean for every command. */
export const exitCodeMeanings: readonly { code: string; means: string }[] = [
  { code: '0', means: 'done' },
  { code: '1', means: 'failed: something outside of the command line went wrong' },
  { code: '2', means: 'wrong use: an argument, option or input is not as expected' },
  { code: '3', means: 'not found: no book, or nothing with this id' },
  { code: '4', means: 'a check found damage or differences' },
];
