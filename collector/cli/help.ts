import { type Command, commandsOfGroup, groupOf } from './command.ts';
import type { Option, Options } from './options.ts';
import type { Palette } from './output.ts';
import { exitCodeMeanings, globalOptions } from './spec.ts';

/** The help of the whole program: every command with one line. */
export function formatProgramHelp(version: string, palette: Palette, table: readonly Command[]): string {
  const rows = table.flatMap((command, index): [string, string][] => {
    const group = groupOf(command);
    if (group === command.name) return [rowOf(command)];
    const isFirst = index === table.findIndex((each) => groupOf(each) === group);
    return isFirst
      ? [[`${group} <word>`, `${groupSummaries[group] ?? ''}: ${secondWords(group, table)}`]]
      : [];
  });
  return [
    `${palette.strong('daybook')} ${version}: a flight recorder for repositories and experiments`,
    '',
    palette.strong('Usage'),
    '  daybook <command> [options]',
    '',
    palette.strong('Commands'),
    ...formatPairs(rows),
    '',
    palette.strong('Options of every command'),
    ...formatPairs(pairsOf(globalOptions)),
    '',
    palette.strong('Exit codes'),
    ...formatPairs(exitCodeMeanings.map(({ code, means }) => [code, means])),
    '',
    'Run daybook <command> --help for its arguments and examples.',
  ].join('\n');
}

/** What commands of two words are about, by their first one. */
const groupSummaries: Record<string, string> = {
  ledger: 'the register of runs',
  experiment: 'progress, metrics, artifacts and tags of a run',
  store: 'versions: states with names to come back to',
  ci: 'what jobs on GitHub Actions record',
};

/** The help of all commands that begin with the same word. */
export function formatGroupHelp(group: string, palette: Palette, table: readonly Command[]): string {
  return [
    `${palette.strong(`daybook ${group}`)}: ${groupSummaries[group] ?? ''}`,
    '',
    palette.strong('Commands'),
    ...formatPairs(commandsOfGroup(table, group).map(rowOf)),
    '',
    `Run daybook ${group} <word> --help for its arguments and examples.`,
  ].join('\n');
}

function rowOf(command: Command): [string, string] {
  return [
    usageOf(command).replace(/^daybook /, ''),
    command.alias === undefined ? command.summary : `${command.summary} (alias: ${command.alias})`,
  ];
}

function secondWords(group: string, table: readonly Command[]): string {
  return commandsOfGroup(table, group)
    .map((command) => command.name.slice(group.length + 1))
    .join(', ');
}

/** The help of one command. */
export function formatCommandHelp(command: Command, palette: Palette): string {
  const section = (title: string, rows: [string, string][]) =>
    rows.length === 0 ? [] : ['', palette.strong(title), ...formatPairs(rows)];
  return [
    `${palette.strong(`daybook ${command.name}`)}: ${command.summary}`,
    '',
    palette.strong('Usage'),
    `  ${usageOf(command)}`,
    ...(command.alias === undefined ? [] : [`  daybook ${command.alias} is the same`]),
    ...command.description.flatMap((paragraph) => ['', ...wrap(paragraph, 96)]),
    ...section(
      'Arguments',
      command.arguments.map((each) => [each.name, each.description]),
    ),
    ...section('Options', pairsOf({ ...command.options, ...globalOptions })),
    ...section(
      'Exit codes',
      (command.exitCodes ?? []).map(({ code, means }) => [code, means]),
    ),
    ...(command.json === undefined
      ? []
      : ['', palette.strong('With --json'), ...wrap(command.json, 94).map((line) => `  ${line}`)]),
    '',
    palette.strong('Examples'),
    ...command.examples.flatMap(({ line, does }) => [`  ${palette.faint(`# ${does}`)}`, `  ${line}`]),
  ].join('\n');
}

/** "daybook action <type> [details …] [options]" */
export function usageOf(command: Command): string {
  const words = command.arguments.map(({ name, required, many }) => {
    const inner = many ? `${name} …` : name;
    return required ? `<${inner}>` : `[${inner}]`;
  });
  const behind = command.passthrough === undefined ? [] : [`-- <${command.passthrough} …>`];
  const options = Object.keys(command.options).length > 0 ? ['[options]'] : [];
  return ['daybook', command.name, ...words, ...options, ...behind].join(' ');
}

/** "-n, --lines <n>" */
export function flagText(name: string, { short, value, many }: Option<unknown>): string {
  const before = short === undefined ? '' : `-${short}, `;
  return `${before}--${name}${value === undefined ? '' : ` <${value}>`}${many === true ? ' …' : ''}`;
}

function pairsOf(options: Options): [string, string][] {
  return Object.entries(options).map(([name, option]) => [flagText(name, option), option.description]);
}

function formatPairs(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length)) + 2;
  return pairs.flatMap(([left, right]) =>
    wrap(right, Math.max(40, 96 - width)).map(
      (line, index) => `  ${(index === 0 ? left : '').padEnd(width)}${line}`,
    ),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
