import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { DaybookError } from '../base/errors.ts';
import { findBookRoot } from '../base/paths.ts';
import type { Output } from './output.ts';

/** What a command gets: the line a person typed, and the world it may touch. */
export interface CommandContext {
  arguments: readonly string[];
  options: ReadonlyMap<string, string | true>;
  repeated: ReadonlyMap<string, readonly string[]>;
  passthrough: readonly string[];
  json: boolean;
  quiet: boolean;
  cwd: string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  stdin(): NodeJS.ReadableStream;
  out: Output;
  /** Aborted when the person interrupts; from the first call on Ctrl-C no longer ends the process. */
  interruptSignal(): AbortSignal;
}

/** The value of an option that takes one. */
export function optionText(context: CommandContext, name: string): string | undefined {
  const value = context.options.get(name);
  return value === true ? undefined : value;
}

/** All values of an option that may be repeated, in the order given. */
export function optionTexts(context: CommandContext, name: string): readonly string[] {
  return context.repeated.get(name) ?? [];
}

/** A whole number from the command line, or a usage error that shows what was given. */
export function parseCount(text: string, what: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  const upper = most === Number.MAX_SAFE_INTEGER ? ' upwards' : ` to ${most}`;
  throw new DaybookError(
    'usage',
    `Expected ${what} as a whole number from ${least}${upper}, found "${text}".`,
  );
}

/** The folder of --dir; it must exist. Undefined where the option was not given. */
export function givenFolder(context: CommandContext): string | undefined {
  const given = optionText(context, 'dir');
  if (given === undefined) return undefined;
  const folder = resolve(context.cwd, given);
  if (!existsSync(folder)) {
    throw new DaybookError('no-book', `Expected a folder at --dir ${given}, found nothing there.`, {
      hint: 'Create it first, or name another folder.',
    });
  }
  if (!statSync(folder).isDirectory()) {
    throw new DaybookError('no-book', `Expected a folder at --dir ${given}, found a file.`, {
      hint: 'Name the folder that holds daybook.yaml or snapshots/.',
    });
  }
  return folder;
}

/** The root of the book: --dir, else the nearest book upwards, else a "no-book" error that says what to do. */
export function bookRootOf(context: CommandContext): string {
  const root = givenFolder(context) ?? findBookRoot(context.cwd);
  if (root !== undefined) return root;
  throw new DaybookError('no-book', `There is no book in ${context.cwd} or above it.`, {
    hint: 'Run daybook init to set one up here, or name a folder with --dir.',
  });
}
