import { findCommand } from './find-command.ts';
import type { CommandSpec } from './spec.ts';
import { readCommands } from './tables/read.ts';
import { writeCommands } from './tables/write.ts';

const everydayCommands: readonly CommandSpec[] = [...writeCommands, ...readCommands];

/**
 * The commands a line may name. The few that are used all day come without the others: an action must not pay for
 * reading the description of forty commands.
 */
export async function chooseTable(argv: readonly string[]): Promise<readonly CommandSpec[]> {
  if (findCommand(everydayCommands, commandIn(argv) ?? '') !== undefined) return everydayCommands;
  return (await import('./table.ts')).commandTable;
}

/** The first word that is neither an option of every command nor what one of them is given. */
function commandIn(argv: readonly string[]): string | undefined {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--dir') at += 1;
    else if (!word.startsWith('--dir=') && !plainOptions.has(word)) return word;
  }
  return undefined;
}

const plainOptions = new Set(['--json', '--quiet', '-q', '--debug']);
