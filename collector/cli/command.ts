import type { Context } from './context.ts';
import type { CommandSpec, Commands } from './spec.ts';

/** Code of a command, loaded only when it is used; a number is the exit code, nothing means 0. */
export interface CommandModule<Spec extends CommandSpec> {
  run(context: Context<Spec>): Promise<number | undefined>;
}

/** A command that can be run: what its table says of it, and how its code is loaded. */
export interface Command extends CommandSpec {
  name: string;
  load(): Promise<CommandModule<CommandSpec>>;
}

/** The commands of a table with their code; the compiler holds each against what the table declares. */
export function withCode<Table extends Commands>(
  table: Table,
  code: { readonly [Name in keyof Table]: () => Promise<CommandModule<Table[Name]>> },
): Command[] {
  return Object.entries(table).map(([name, spec]) => ({
    ...spec,
    name,
    // What it is called with was read by this very table.
    load: code[name] as unknown as Command['load'],
  }));
}

/** The command of this name or alias; a name may have two words. */
export function findCommand(table: readonly Command[], name: string): Command | undefined {
  return table.find((command) => command.name === name || command.alias === name);
}

/** The commands whose first word this is and that have a second one. */
export function commandsOfGroup(table: readonly Command[], word: string): readonly Command[] {
  return table.filter((command) => command.name.startsWith(`${word} `));
}

/** "ledger" of "ledger allocate". */
export function groupOf(command: Command): string {
  return command.name.split(' ', 1)[0]!;
}
