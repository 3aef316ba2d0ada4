import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../collector/cli/command.ts';
import { flagText, usageOf } from '../collector/cli/help.ts';
import type { Options } from '../collector/cli/options.ts';
import { exitCodeMeanings, globalOptions } from '../collector/cli/spec.ts';
import { commandTable } from '../collector/cli/table.ts';
import { repositoryRoot } from './repository-root.ts';

/** docs/cli.md: everything the command table knows, as Markdown. */
export function cliDocs(): string {
  return `${[
    '# The command line',
    '<!-- Made by `npm run docs` from collector/cli/tables/: change the table, not this file. -->',
    'Results go to standard output, everything else to standard error. Without a terminal nothing is coloured or cut. Recorded text is printed with control, escape and direction characters made visible.',
    formatRows(
      ['command', 'does'],
      commandTable.map((command) => [`[\`${command.name}\`](#${anchorOf(command)})`, command.summary]),
    ),
    '## Options of every command',
    formatRows(['option', 'does'], optionRows(globalOptions)),
    '## Exit codes',
    formatRows(
      ['code', 'means'],
      exitCodeMeanings.map(({ code, means }) => [`\`${code}\``, means]),
    ),
    'With `--json`, an error is `{"error": {code, message, hint, where}}` on standard error, and `hint` and `where` are null where there is nothing to say.',
    ...commandTable.flatMap(formatCommand),
  ].join('\n\n')}\n`;
}

function formatCommand(command: Command): string[] {
  const table = (head: [string, string], rows: string[][]) =>
    rows.length === 0 ? [] : [formatRows(head, rows)];
  const examples = command.examples.flatMap(({ line, does }) => [`# ${does}`, line]);
  return [
    `## daybook ${command.name}`,
    `\`${usageOf(command)}\`${command.alias === undefined ? '' : ` (alias: \`${command.alias}\`)`}`,
    ...command.description,
    ...table(
      ['argument', 'is'],
      command.arguments.map((each) => [`\`${each.name}\``, each.description]),
    ),
    ...table(['option', 'does'], optionRows(command.options)),
    ...table(
      ['exit code', 'means'],
      (command.exitCodes ?? []).map(({ code, means }) => [`\`${code}\``, means]),
    ),
    ...(command.json === undefined ? [] : [`With \`--json\`: ${command.json}.`]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ];
}

function optionRows(options: Options): string[][] {
  return Object.entries(options).map(([name, option]) => [
    `\`${flagText(name, option)}\``,
    option.description,
  ]);
}

function formatRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function anchorOf(command: Command): string {
  return `daybook-${command.name.replaceAll(' ', '-')}`;
}

// Run as a program it writes the file; a test fails when file and table differ.
if (import.meta.main) writeFileSync(join(repositoryRoot, 'docs/cli.md'), cliDocs());
