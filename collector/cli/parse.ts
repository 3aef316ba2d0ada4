import cac from 'cac';
import { DaybookError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { commandsOfGroup, findCommand } from './find-command.ts';
import { type CommandSpec, globalOptions, type OptionSpec } from './spec.ts';

/** A command line, understood: texts stay texts ("007"), flags are true. */
export interface ParsedLine {
  command: CommandSpec | undefined;
  /** First word of commands that have a second one, where only it was given and help asked for. */
  group: string | undefined;
  arguments: string[];
  options: ReadonlyMap<string, string | true>;
  /** Every value of the options that may be repeated, in the order given. */
  repeated: ReadonlyMap<string, readonly string[]>;
  /** What stood behind "--", untouched. */
  passthrough: string[];
}

/** Stands before every value while cac parses, so that nothing is taken for a number, an option or a boolean. */
const guard = '\u0000';

/** Understands a command line with the commands of a table, or throws a DaybookError with code "usage" that names the nearest command or option. */
export function parseLine(argv: readonly string[], table: readonly CommandSpec[]): ParsedLine {
  const dashes = argv.indexOf('--');
  const own = helpAsOption(dashes < 0 ? argv : argv.slice(0, dashes));
  const behind = dashes < 0 ? [] : argv.slice(dashes + 1);
  const named = commandOf(own, table);
  const command = typeof named === 'string' ? undefined : named;
  const { tokens, used } = guardTokens(own, command);
  const parser = cac('daybook');
  const target =
    command === undefined ? parser : parser.command(`${tokenOf(command)} [...rest]`, command.summary);
  // Only what occurs: registering an option costs cac more than parsing the line.
  for (const option of used) target.option(flagsOf(option), option.description);
  const parsed = parser.parse(['node', 'daybook', ...tokens], { run: false });
  const { options, repeated } = optionsOf(parsed.options, used);
  const given = parsed.args.map((argument) => argument.replace(guard, ''));
  const passthrough = command?.passthrough === undefined ? [] : behind;
  const all = command?.passthrough === undefined ? [...given, ...behind] : given;
  if (command !== undefined && !options.has('help')) checkArguments(command, all, passthrough);
  const group = typeof named === 'string' ? named : undefined;
  if (group !== undefined && !options.has('help')) missingSecondWord(group, table);
  return { command, group, arguments: all, options, repeated, passthrough };
}

/** "daybook help action", as git and npm have it, is "daybook action --help". */
function helpAsOption(own: readonly string[]): readonly string[] {
  return own[0] === 'help' ? [...own.slice(1), '--help'] : own;
}

/**
 * The command is the first word that is neither an option nor the value of one, or the first two where the first alone is
 * none; a lone first word of such a pair is given back as text.
 */
function commandOf(own: readonly string[], table: readonly CommandSpec[]): CommandSpec | string | undefined {
  let first: string | undefined;
  for (let index = 0; index < own.length; index += 1) {
    const word = own[index]!;
    if (isOption(word)) {
      const option =
        everyOption(table).find((each) => flagMatches(each, word)) ??
        unknownOption(word, globalOptions, undefined);
      if (option.value !== undefined && !word.includes('=')) index += 1;
    } else if (first !== undefined) {
      return findCommand(table, `${first} ${word}`) ?? unknownSecondWord(first, word, table);
    } else if (commandsOfGroup(table, word).length > 0) first = word;
    else return findCommand(table, word) ?? unknownCommand(word, table);
  }
  return first;
}

/** How cac knows a command: it takes one word only. */
function tokenOf(command: CommandSpec): string {
  return command.name.replaceAll(' ', '-');
}

function unknownSecondWord(first: string, word: string, table: readonly CommandSpec[]): never {
  const seconds = secondWords(first, table);
  const near = nearest(word.toLowerCase(), seconds);
  throw new DaybookError('usage', `There is no command "${first} ${word}".`, {
    hint:
      near === undefined
        ? `Expected one of: ${seconds.join(', ')}.`
        : `Did you mean "daybook ${first} ${near}"?`,
  });
}

function missingSecondWord(first: string, table: readonly CommandSpec[]): never {
  throw new DaybookError('usage', `daybook ${first} needs a word that says what to do.`, {
    hint: `One of: ${secondWords(first, table).join(', ')}; see daybook ${first} --help.`,
  });
}

function secondWords(first: string, table: readonly CommandSpec[]): string[] {
  return commandsOfGroup(table, first).map((command) => command.name.slice(first.length + 1));
}

function everyOption(table: readonly CommandSpec[]): OptionSpec[] {
  return [...globalOptions, ...table.flatMap((command) => command.options)];
}

function unknownCommand(word: string, table: readonly CommandSpec[]): never {
  const names = table.flatMap(({ name, alias }) => [name.split(' ', 1)[0]!, ...(alias ? [alias] : [])]);
  const near = nearest(word.toLowerCase(), names);
  throw new DaybookError('usage', `There is no command "${word}".`, {
    hint: near === undefined ? 'Run daybook --help to see all commands.' : `Did you mean "daybook ${near}"?`,
  });
}

/** Rewrites the line so that cac sees each option with its value in one token, and each value behind the guard. */
function guardTokens(
  own: readonly string[],
  command: CommandSpec | undefined,
): { tokens: string[]; used: Set<OptionSpec> } {
  const known = [...globalOptions, ...(command?.options ?? [])];
  const tokens: string[] = [];
  const used = new Set<OptionSpec>();
  const words = command?.name.split(' ').length ?? 0;
  let named = 0;
  for (let index = 0; index < own.length; index += 1) {
    const word = own[index]!;
    if (!isOption(word)) {
      if (named >= words || command === undefined) tokens.push(guard + word);
      else if (named === 0) tokens.push(tokenOf(command));
      named += 1;
      continue;
    }
    const equals = word.indexOf('=');
    const option = known.find((each) => flagMatches(each, word)) ?? unknownOption(word, known, command);
    used.add(option);
    const inline = equals < 0 ? undefined : word.slice(equals + 1);
    if (option.value === undefined) {
      if (inline !== undefined)
        throw new DaybookError('usage', `--${option.name} takes no value, found "${inline}".`);
      tokens.push(option.name.startsWith('no-') ? `--${option.name}` : `--${option.name}=true`);
      continue;
    }
    const value = inline ?? own[index + 1];
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      missingValue(option, command);
    if (inline === undefined) index += 1;
    tokens.push(`--${option.name}=${guard}${value}`);
  }
  return { tokens, used };
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

function flagMatches(option: OptionSpec, word: string): boolean {
  const flag = word.split('=', 1)[0];
  return flag === `--${option.name}` || (option.short !== undefined && flag === `-${option.short}`);
}

function flagsOf(option: OptionSpec): string {
  return `--${option.name}${option.value === undefined ? '' : ` <${option.value}>`}`;
}

function unknownOption(word: string, known: readonly OptionSpec[], command: CommandSpec | undefined): never {
  const flag = word.split('=', 1)[0]!;
  const near = flag.startsWith('--')
    ? nearest(
        flag.slice(2),
        known.map((option) => option.name),
      )
    : undefined;
  const owner = command === undefined ? 'daybook' : `daybook ${command.name}`;
  const text = command?.name === 'action' ? ' Put details that begin with a dash behind "--".' : '';
  throw new DaybookError('usage', `${owner} has no option ${flag}.`, {
    hint:
      near === undefined
        ? `Run ${owner} --help to see its options.${text}`
        : `Did you mean --${near}?${text}`,
  });
}

function missingValue(option: OptionSpec, command: CommandSpec | undefined): never {
  throw new DaybookError('usage', `--${option.name} needs a value: --${option.name} <${option.value}>.`, {
    hint: `${option.description[0]!.toUpperCase()}${option.description.slice(1)}; see daybook ${command?.name ?? ''} --help.`,
  });
}

/** cac names options in camel case, drops "no-", and collects repeated ones in an array: the last one counts. */
function optionsOf(parsed: Record<string, unknown>, known: Iterable<OptionSpec>) {
  const options = new Map<string, string | true>();
  const repeated = new Map<string, string[]>();
  for (const option of known) {
    const negated = option.name.startsWith('no-');
    const key = (negated ? option.name.slice(3) : option.name).replace(/-(\w)/g, (_, letter) =>
      letter.toUpperCase(),
    );
    const every: unknown[] = [parsed[key]].flat();
    const given = every.at(-1);
    if (negated ? given === false : given === true) options.set(option.name, true);
    else if (typeof given === 'string') options.set(option.name, given.replace(guard, ''));
    const texts = every.filter((value) => typeof value === 'string');
    if (option.many === true)
      repeated.set(
        option.name,
        texts.map((text) => text.replace(guard, '')),
      );
  }
  return { options, repeated };
}

function checkArguments(
  command: CommandSpec,
  given: readonly string[],
  passthrough: readonly string[],
): void {
  const missing = command.arguments.find(
    (argument, index) => argument.required && given[index] === undefined,
  );
  if (missing !== undefined) {
    throw new DaybookError(
      'usage',
      `daybook ${command.name} needs <${missing.name}>: ${missing.description}.`,
      {
        hint: `For example: ${command.examples[0]!.line}`,
      },
    );
  }
  const most = command.arguments.some((argument) => argument.many) ? Infinity : command.arguments.length;
  if (command.passthrough !== undefined && passthrough.length === 0) {
    throw new DaybookError('usage', `daybook ${command.name} needs a command behind "--".`, {
      hint: `For example: ${command.examples[0]!.line}`,
    });
  }
  if (given.length > most) {
    throw new DaybookError('usage', `daybook ${command.name} does not expect "${given[most]}".`, {
      hint: `Run daybook ${command.name} --help to see what it takes.`,
    });
  }
}
