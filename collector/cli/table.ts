import type { CommandSpec } from './spec.ts';
import { readCommands } from './table-read.ts';
import { writeCommands } from './table-write.ts';

const order = ['init action exec periodic', 'summary latest actions all view tail', 'build serve doctor sync']
  .join(' ')
  .split(' ');

/** Every command, in the order in which help and docs/cli.md list them. */
export const commandTable: readonly CommandSpec[] = [...writeCommands, ...readCommands].sort(
  (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
);

/** The command of this name or alias. */
export function findCommand(name: string): CommandSpec | undefined {
  return commandTable.find((command) => command.name === name || command.alias === name);
}
