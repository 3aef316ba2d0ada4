import type { CommandContext } from './context.ts';

/** One positional argument of a command. */
export interface ArgumentSpec {
  name: string;
  required?: boolean;
  /** True where the rest of the line belongs to it. */
  many?: boolean;
  description: string;
}

/** One option: a flag, or with `value` a text that follows it. */
export interface OptionSpec {
  name: string;
  short?: string;
  /** Name of the value in the help, e.g. "file"; absent for flags. */
  value?: string;
  /** True where it may be given more than once; read with optionTexts. */
  many?: true;
  description: string;
}

/** Code of a command, loaded only when it is used; a number is the exit code, nothing means 0. */
export interface CommandModule {
  run(context: CommandContext): Promise<number | undefined>;
}

/** One command. Parsing, help and docs/cli.md are all made from this. */
export interface CommandSpec {
  /** One word, or two ("ledger allocate"): commands with the same first word are listed together. */
  name: string;
  alias?: string;
  /** One line for the list of commands. */
  summary: string;
  /** Paragraphs for the help of the command itself. */
  description: readonly string[];
  arguments: readonly ArgumentSpec[];
  options: readonly OptionSpec[];
  /** Name of what follows "--", for commands that take a foreign command line. */
  passthrough?: string;
  examples: readonly { line: string; does: string }[];
  /** What --json prints. */
  json?: string;
  /** Exit codes that mean something particular here; the common ones are in exitCodeMeanings. */
  exitCodes?: readonly { code: string; means: string }[];
  /** True where nothing goes on behind its answer: then the process need not wait for what may be open. */
  endsAtOnce?: true;
  load(): Promise<CommandModule>;
}

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  {
    name: 'dir',
    value: 'folder',
    description: 'the book; default: the nearest folder upwards with daybook.yaml, snapshots/ or .git',
  },
  { name: 'json', description: 'print only JSON on standard output, and errors as JSON' },
  { name: 'quiet', short: 'q', description: 'print no progress and no notes' },
  { name: 'debug', description: 'print the stack of an error' },
  { name: 'help', short: 'h', description: 'show help' },
  { name: 'version', short: 'v', description: 'show the version' },
];

/** What the exit codes mean for every command. */
export const exitCodeMeanings: readonly { code: string; means: string }[] = [
  { code: '0', means: 'done' },
  { code: '1', means: 'failed: something outside of the command line went wrong' },
  { code: '2', means: 'wrong use: an argument, option or input is not as expected' },
  { code: '3', means: 'not found: no book, or nothing with this id' },
  { code: '4', means: 'a check found damage or differences' },
];
