import cac from 'cac';
import { type Command, commandsOfGroup, findCommand } from './command.ts';
import { everydayCommands } from './everyday.ts';
import {
  argumentProblem,
  missingSecondWord,
  missingValue,
  unknownCommand,
  unknownOption,
  unknownSecondWord,
  unwantedValue,
} from './line-problems.ts';
import type { Option, Options, ValuesOf } from './options.ts';
import { globalOptions } from './spec.ts';

/** A command line, understood: every value is of the type that its option declares. */
export interface Line {
  /** The commands that the words were held against: all of them, where none of the everyday ones was meant. */
  table: readonly Command[];
  command: Command | undefined;
  /** First word of commands that have a second one, where only it was given. */
  group: string | undefined;
  arguments: readonly string[];
  /** The options of the command. */
  options: Readonly<Record<string, unknown>>;
  /** The options of every command. */
  shared: ValuesOf<typeof globalOptions>;
  /** What stood behind "--", untouched, for commands that take a foreign command line. */
  passthrough: readonly string[];
  /** The first thing that keeps the line from being run. The rest is understood all the same: --json says how to print it. */
  problem: unknown;
}

/** Stands before every value while cac parses, which would take "007" for the number 7 and "-iou" for options. */
const mark = '\u0000';

/** Understands a command line; what is wrong with it is its `problem`, a DaybookError that names the nearest command or option. */
export async function readLine(argv: readonly string[]): Promise<Line> {
  const dashes = argv.indexOf('--');
  const behind = dashes < 0 ? [] : argv.slice(dashes);
  const { table, command, group, ...words } = await readWords(
    helpAsOption(dashes < 0 ? argv : argv.slice(0, dashes)),
  );
  const own: Options = command?.options ?? {};
  const declared = { ...globalOptions, ...own };
  const marked = markValues(words.given, declared, command);
  const parsed = parse([...marked.tokens, ...behind], marked.used);
  const [shared, badShared] = valuesOf(globalOptions, parsed.texts);
  const [options, badValue] = valuesOf(own, parsed.texts);
  const takesBehind = command?.passthrough !== undefined;
  const given = takesBehind ? parsed.args : [...parsed.args, ...parsed.behind];
  const passthrough = takesBehind ? parsed.behind : [];
  let problem = words.problem ?? marked.problem ?? badShared ?? badValue;
  if (!shared.help && command !== undefined) problem ??= argumentProblem(command, given, passthrough);
  if (!shared.help && group !== undefined) problem ??= missingSecondWord(group, table);
  return { table, command, group, arguments: given, options, shared, passthrough, problem };
}

/** "daybook help action", as git and npm have it, is "daybook action --help". */
function helpAsOption(own: readonly string[]): readonly string[] {
  return own[0] === 'help' ? [...own.slice(1), '--help'] : own;
}

/** An argument, or an option as it was typed; the value of one is the word behind it, or behind its "=". */
interface Given {
  flag: string | undefined;
  value: string | undefined;
  isInline: boolean;
}

interface Words extends Pick<Line, 'table' | 'command' | 'group' | 'problem'> {
  given: Given[];
}

/**
 * Tells the words apart: the command is the first that is neither an option nor the value of one, or the first two where
 * the first alone is none. All commands are only loaded for a word that the everyday ones do not know.
 */
async function readWords(own: readonly string[]): Promise<Words> {
  const words: Words = {
    table: everydayCommands,
    command: undefined,
    group: undefined,
    given: [],
    problem: undefined,
  };
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at]!;
    if (!isOption(word)) {
      if (words.command === undefined && words.problem === undefined) await nameCommand(words, word);
      else words.given.push({ flag: undefined, value: word, isInline: false });
      continue;
    }
    const equals = word.indexOf('=');
    const isInline = equals >= 0;
    const flag = isInline ? word.slice(0, equals) : word;
    const option = await findOption(words, flag);
    const isValueBehind = option?.value !== undefined && !isInline && own[at + 1]?.startsWith('--') === false;
    if (isValueBehind) at += 1;
    const value = isInline ? word.slice(equals + 1) : isValueBehind ? own[at] : undefined;
    words.given.push({ flag, value, isInline });
  }
  if (words.command === undefined) await loadAll(words);
  return words;
}

async function nameCommand(words: Words, word: string): Promise<void> {
  const { group } = words;
  if (group !== undefined) {
    words.command = findCommand(words.table, `${group} ${word}`);
    if (words.command === undefined) words.problem = unknownSecondWord(group, word, words.table);
    else words.group = undefined;
    return;
  }
  words.command = findCommand(words.table, word);
  if (words.command !== undefined) return;
  await loadAll(words);
  words.command = findCommand(words.table, word);
  if (words.command !== undefined) return;
  if (commandsOfGroup(words.table, word).length > 0) words.group = word;
  else words.problem = unknownCommand(word, words.table);
}

/** Before the command is named, an option of any command may be meant. */
async function findOption(words: Words, flag: string): Promise<Option<unknown> | undefined> {
  const { command } = words;
  if (command !== undefined) return optionOf({ ...globalOptions, ...command.options }, flag)?.[1];
  const find = () =>
    [globalOptions, ...words.table.map(({ options }) => options)]
      .map((options: Options) => optionOf(options, flag)?.[1])
      .find((option) => option !== undefined);
  const found = find();
  if (found !== undefined) return found;
  await loadAll(words);
  const late = find();
  if (late === undefined) words.problem ??= unknownOption(flag, globalOptions, undefined);
  return late;
}

async function loadAll(words: Words): Promise<void> {
  if (words.table === everydayCommands) words.table = (await import('./table.ts')).commandTable;
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

function optionOf(options: Options, flag: string): [string, Option<unknown>] | undefined {
  return Object.entries(options).find(
    ([name, { short }]) => flag === `--${name}` || (short !== undefined && flag === `-${short}`),
  );
}

/** The words for cac: each option by its long name and with its value in one; and the first that is not as declared. */
function markValues(
  given: readonly Given[],
  declared: Options,
  command: Command | undefined,
): { tokens: string[]; used: Map<string, Option<unknown>>; problem: unknown } {
  const used = new Map<string, Option<unknown>>();
  let problem: unknown;
  const tokens = given.flatMap(({ flag, value, isInline }) => {
    if (flag === undefined) return [mark + value];
    const [name, option] = optionOf(declared, flag) ?? [];
    if (name === undefined || option === undefined) problem ??= unknownOption(flag, declared, command);
    else if (option.value === undefined && isInline) problem ??= unwantedValue(name, value!);
    else if (option.value !== undefined && value === undefined)
      problem ??= missingValue(name, option, command);
    else {
      used.set(name, option);
      return [option.value === undefined ? `--${name}` : `--${name}=${mark}${value}`];
    }
    return [];
  });
  return { tokens, used, problem };
}

/** What cac makes of the words: arguments, all texts of each option by its name (a flag that was given has one), and what follows "--". */
function parse(tokens: readonly string[], used: ReadonlyMap<string, Option<unknown>>) {
  const parser = cac('daybook');
  // Only what occurs: to declare an option costs cac more than to parse the line.
  for (const [name, { value }] of used)
    parser.option(value === undefined ? `--${name}` : `--${name} <${value}>`, '');
  const { args, options } = parser.parse(['node', 'daybook', ...tokens], { run: false });
  const texts = new Map<string, readonly string[]>();
  for (const [at, name] of [...used.keys()].entries()) {
    const { name: key, negated } = parser.globalCommand.options[at]!;
    const given = [options[key]].flat().filter((each) => typeof each === 'string' || each === !negated);
    texts.set(name, given.map(unmarked));
  }
  return { args: args.map(unmarked), texts, behind: options['--'] as string[] };
}

function unmarked(value: unknown): string {
  return typeof value === 'string' ? value.slice(mark.length) : '';
}

/** What each option makes of its texts, and the first that cannot. */
function valuesOf<Declared extends Options>(
  declared: Declared,
  parsed: ReadonlyMap<string, readonly string[]>,
): [ValuesOf<Declared>, problem: unknown] {
  const values: Record<string, unknown> = {};
  let problem: unknown;
  for (const [name, option] of Object.entries(declared)) {
    try {
      values[name] = option.read(parsed.get(name) ?? [], name);
    } catch (error) {
      problem ??= error;
    }
  }
  return [values as ValuesOf<Declared>, problem];
}
