import { DaybookError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { type Command, commandsOfGroup, groupOf } from './command.ts';
import type { Option, Options } from './options.ts';

/** Says that there is no such command, and which one comes near. */
export function unknownCommand(word: string, table: readonly Command[]): DaybookError {
  const names = table.flatMap((command) => [groupOf(command), ...(command.alias ? [command.alias] : [])]);
  const near = nearest(word.toLowerCase(), names);
  return new DaybookError('usage', `There is no command "${word}".`, {
    hint: near === undefined ? 'Run daybook --help to see all commands.' : `Did you mean "daybook ${near}"?`,
  });
}

/** The same of the second word of a command. */
export function unknownSecondWord(first: string, word: string, table: readonly Command[]): DaybookError {
  const seconds = secondWords(first, table);
  const near = nearest(word.toLowerCase(), seconds);
  return new DaybookError('usage', `There is no command "${first} ${word}".`, {
    hint:
      near === undefined
        ? `Expected one of: ${seconds.join(', ')}.`
        : `Did you mean "daybook ${first} ${near}"?`,
  });
}

/** Says that a first word alone is no command. */
export function missingSecondWord(first: string, table: readonly Command[]): DaybookError {
  return new DaybookError('usage', `daybook ${first} needs a word that says what to do.`, {
    hint: `One of: ${secondWords(first, table).join(', ')}; see daybook ${first} --help.`,
  });
}

function secondWords(first: string, table: readonly Command[]): string[] {
  return commandsOfGroup(table, first).map((command) => command.name.slice(first.length + 1));
}

/** Says that a command has no such option, and which one comes near. */
export function unknownOption(flag: string, known: Options, command: Command | undefined): DaybookError {
  const near = flag.startsWith('--') ? nearest(flag.slice(2), Object.keys(known)) : undefined;
  const owner = command === undefined ? 'daybook' : `daybook ${command.name}`;
  const text = command?.name === 'action' ? ' Put details that begin with a dash behind "--".' : '';
  return new DaybookError('usage', `${owner} has no option ${flag}.`, {
    hint:
      near === undefined
        ? `Run ${owner} --help to see its options.${text}`
        : `Did you mean --${near}?${text}`,
  });
}

/** Says that an option lacks its value. */
export function missingValue(
  name: string,
  { value, description }: Option<unknown>,
  command: Command | undefined,
): DaybookError {
  return new DaybookError('usage', `--${name} needs a value: --${name} <${value}>.`, {
    hint: `${description[0]!.toUpperCase()}${description.slice(1)}; see daybook ${command?.name ?? ''} --help.`,
  });
}

/** Says that a flag was given a value. */
export function unwantedValue(name: string, value: string): DaybookError {
  return new DaybookError('usage', `--${name} takes no value, found "${value}".`);
}

/** What is wrong with the arguments of a command, where anything is. */
export function argumentProblem(
  command: Command,
  given: readonly string[],
  passthrough: readonly string[],
): DaybookError | undefined {
  const { name, arguments: declared, examples } = command;
  const example = { hint: `For example: ${examples[0]!.line}` };
  const missing = declared.find((argument, index) => argument.required && given[index] === undefined);
  if (missing !== undefined)
    return new DaybookError(
      'usage',
      `daybook ${name} needs <${missing.name}>: ${missing.description}.`,
      example,
    );
  if (command.passthrough !== undefined && passthrough.length === 0)
    return new DaybookError('usage', `daybook ${name} needs a command behind "--".`, example);
  const most = declared.some((argument) => argument.many) ? Infinity : declared.length;
  if (given.length <= most) return undefined;
  return new DaybookError('usage', `daybook ${name} does not expect "${given[most]}".`, {
    hint: placeHint(command, given[most]!) ?? `Run daybook ${name} --help to see what it takes.`,
  });
}

/** A place that was named as in `cp` is an option here. */
function placeHint({ options }: Command, given: string): string | undefined {
  const name = ['into', 'out'].find((each) => Object.hasOwn(options, each));
  return name === undefined ? undefined : `A place is named by an option: --${name} ${given}`;
}
