import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, resolve } from 'node:path';
import type { RerunSpace } from '../../store/rerun/space.ts';
import type { RecordedRun } from './recorded.ts';

/** A command as it is started in the folder of a rerun, and what is to be said of that. */
export interface RelocatedCommand {
  words: string[];
  env: NodeJS.ProcessEnv;
  notes: string[];
}

/** What a program hears of the book it was started within; of that of the rerun it is told anew. */
const toldNames = ['DAYBOOK_BOOK', 'DAYBOOK_RUN', 'DAYBOOK_RUN_DIR', 'DAYBOOK_ACTION'];

/** Lists of folders from which programs load code. */
const codePaths = ['PYTHONPATH', 'NODE_PATH'];

/**
 * The recorded command for the folder of the rerun: absolute places of the first run in its words and in recorded variables
 * become those of the folder, so that nothing is read or written where the first run lies.
 */
export function relocatedCommand(
  { command, cwd, variables, masked }: RecordedRun,
  space: RerunSpace,
  env: NodeJS.ProcessEnv,
): RelocatedCommand {
  const move = mover(space);
  const [program, ...rest] = command;
  const notes: string[] = [];
  const found = programIn(program!, cwd, space, notes);
  const words = [found, ...rest.map(move)];
  if (rest.some((word, at) => word !== words[at + 1]))
    notes.push(
      'The command names absolute places of the first run: it gets those of its own folder instead.',
    );
  for (const name of masked) {
    const state = env[name] === undefined ? 'and is not set now' : 'and has the value it has now';
    notes.push(`The variable ${name} was masked in the record, cannot be restored, ${state}.`);
  }
  return { words, env: environmentFor({ variables, cwd }, space, env, move), notes };
}

/** Masked variables that have no value now: without them the command is not what it was. */
export function lostVariables({ masked }: RecordedRun, env: NodeJS.ProcessEnv): string[] {
  return masked.filter((name) => env[name] === undefined);
}

/** A program of the first run that is not in the recorded code is an interpreter or the like, and taken from where it is. */
function programIn(program: string, cwd: string, { placeOf }: RerunSpace, notes: string[]): string {
  if (!program.includes('/')) return program;
  const absolute = resolve(cwd, program);
  const place = placeOf(absolute);
  if (place !== undefined && existsSync(place)) return isAbsolute(program) ? place : program;
  if (!existsSync(absolute)) return program;
  if (place !== undefined)
    notes.push(`${program} is not in the recorded code: the one that is there now is taken.`);
  return absolute;
}

function environmentFor(
  { variables, cwd }: Pick<RecordedRun, 'variables' | 'cwd'>,
  space: RerunSpace,
  env: NodeJS.ProcessEnv,
  move: (text: string) => string,
): NodeJS.ProcessEnv {
  const told = { ...env };
  for (const name of [...toldNames, 'OLDPWD']) delete told[name];
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete told[name];
    else told[name] = move(value);
  }
  for (const name of codePaths) {
    const paths = told[name]?.split(delimiter).map((path) => {
      const place = isAbsolute(path) ? space.placeOf(path) : undefined;
      return place !== undefined && existsSync(place) ? place : path;
    });
    if (paths !== undefined) told[name] = paths.join(delimiter);
  }
  told['PWD'] = space.placeOf(cwd);
  return told;
}

function mover({ origins, placeOf }: RerunSpace): (text: string) => string {
  const longestFirst = origins.toSorted((a, b) => b.length - a.length);
  const escaped = longestFirst.map((origin) => origin.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const places = new RegExp(`(?<![\\w./-])(?:${escaped.join('|')})(?![\\w.-])`, 'g');
  return (text) => text.replace(places, (origin) => placeOf(origin) ?? origin);
}
