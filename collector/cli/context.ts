import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { DaybookError } from '../base/errors.ts';
import { findBookRoot } from '../base/paths.ts';
import type { Options, ValuesOf } from './options.ts';
import type { Output } from './output.ts';
import type { ArgumentSpec, CommandSpec } from './spec.ts';
import type { alertCommands } from './tables/alerts.ts';
import type { archiveCommands } from './tables/archive.ts';
import type { checkCommands } from './tables/checks.ts';
import type { ciCommands } from './tables/ci.ts';
import type { collectCommands } from './tables/collect.ts';
import type { experimentCommands } from './tables/experiment.ts';
import type { historyCommands } from './tables/history.ts';
import type { importCommands } from './tables/import.ts';
import type { ledgerCommands } from './tables/ledger.ts';
import type { publishCommands } from './tables/publish.ts';
import type { queryCommands } from './tables/query.ts';
import type { readCommands } from './tables/read.ts';
import type { receiptCommands } from './tables/receipts.ts';
import type { runCommands } from './tables/runs.ts';
import type { storeCommands } from './tables/store.ts';
import type { tagCommands } from './tables/tags.ts';
import type { taskCommands } from './tables/tasks.ts';
import type { trendCommands } from './tables/trends.ts';
import type { writeCommands } from './tables/write.ts';

/** What every command gets, whatever its own options are: the world it may touch, and the options that all take. */
export interface World {
  /** The folder of --dir, as it was given. */
  dir: string | undefined;
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

/** The world with the values of some options: for code that several commands share. */
export interface With<Declared extends Options> extends World {
  options: ValuesOf<Declared>;
}

/** The world and the line that was typed, typed by what the command declares. */
export interface Context<Spec extends CommandSpec> extends With<Spec['options']> {
  arguments: ArgumentsOf<Spec['arguments']>;
  /** What stood behind "--", untouched. */
  passthrough: readonly string[];
}

/** What the code of the command of this name gets. */
export type CommandContext<Name extends keyof AllCommands> = Context<AllCommands[Name]>;

type AllCommands = typeof writeCommands &
  typeof importCommands &
  typeof queryCommands &
  typeof readCommands &
  typeof alertCommands &
  typeof archiveCommands &
  typeof collectCommands &
  typeof ciCommands &
  typeof publishCommands &
  typeof historyCommands &
  typeof runCommands &
  typeof receiptCommands &
  typeof checkCommands &
  typeof taskCommands &
  typeof trendCommands &
  typeof tagCommands &
  typeof ledgerCommands &
  typeof experimentCommands &
  typeof storeCommands;

/** One text for each argument; those that need not be there may be missing, and the last may be any number. */
type ArgumentsOf<Declared extends readonly ArgumentSpec[]> = Declared extends readonly [
  infer First,
  ...infer Rest extends readonly ArgumentSpec[],
]
  ? First extends { many: true }
    ? First extends { required: true }
      ? readonly [string, ...string[]]
      : readonly string[]
    : readonly [First extends { required: true } ? string : string | undefined, ...ArgumentsOf<Rest>]
  : Declared extends readonly []
    ? readonly []
    : readonly string[];

/** The folder of --dir; it must exist. Undefined where the option was not given. */
export function givenFolder({ cwd, dir }: World): string | undefined {
  if (dir === undefined) return undefined;
  const folder = resolve(cwd, dir);
  if (!existsSync(folder)) {
    throw new DaybookError('no-book', `Expected a folder at --dir ${dir}, found nothing there.`, {
      hint: 'Create it first, or name another folder.',
    });
  }
  if (!statSync(folder).isDirectory()) {
    throw new DaybookError('no-book', `Expected a folder at --dir ${dir}, found a file.`, {
      hint: 'Name the folder that holds daybook.yaml or snapshots/.',
    });
  }
  return folder;
}

/**
 * The root of the book: --dir, else the nearest book upwards, else the one that `daybook exec` told this process of; where
 * there is none a "no-book" error that says what to do.
 */
export function bookRootOf(world: World): string {
  const told = world.env['DAYBOOK_BOOK'];
  const root = givenFolder(world) ?? findBookRoot(world.cwd) ?? (told ? findBookRoot(told) : undefined);
  if (root !== undefined) return root;
  throw new DaybookError('no-book', `There is no book in ${world.cwd} or above it.`, {
    hint: 'Run daybook init to set one up here, or name a folder with --dir.',
  });
}
