import { findCommand } from './find-command.ts';
import type { CommandSpec } from './spec.ts';
import { readCommands } from './table-read.ts';
import { writeCommands } from './table-write.ts';

const everydayCommands: readonly CommandSpec[] = [...writeCommands, ...readCommands];

/**
 * The commands a line may name. The few that are used all day come without the others: an action must not pay for
 * reading the description of forty commands.
 */
export async function chooseTable(argv: readonly string[]): Promise<readonly CommandSpec[]> {
  if (findCommand(everydayCommands, argv[0] ?? '') !== undefined) return everydayCommands;
  return (await import('./table.ts')).commandTable;
}
