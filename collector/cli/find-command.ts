import type { CommandSpec } from './spec.ts';

/** The command of this name or alias; a name may have two words. */
export function findCommand(table: readonly CommandSpec[], name: string): CommandSpec | undefined {
  return table.find((command) => command.name === name || command.alias === name);
}

/** The commands whose first word this is and that have a second one. */
export function commandsOfGroup(table: readonly CommandSpec[], word: string): readonly CommandSpec[] {
  return table.filter((command) => command.name.startsWith(`${word} `));
}

/** "ledger" of "ledger allocate". */
export function groupOf(command: CommandSpec): string {
  return command.name.split(' ', 1)[0]!;
}
