import type { CommandSpec } from './spec.ts';
import { checkCommands } from './table-checks.ts';
import { experimentCommands } from './table-experiment.ts';
import { historyCommands } from './table-history.ts';
import { ledgerCommands } from './table-ledger.ts';
import { readCommands } from './table-read.ts';
import { receiptCommands } from './table-receipts.ts';
import { runCommands } from './table-runs.ts';
import { storeCommands } from './table-store.ts';
import { writeCommands } from './table-write.ts';

const order = [
  'init action exec periodic',
  'summary latest actions all view tail history',
  'runs lineage lock verify diff find restore',
  'ledger experiment store',
  'build serve doctor sync',
]
  .join(' ')
  .split(' ');

/** Every command, in the order in which help and docs/cli.md list them. */
export const commandTable: readonly CommandSpec[] = [
  ...writeCommands,
  ...readCommands,
  ...historyCommands,
  ...runCommands,
  ...receiptCommands,
  ...checkCommands,
  ...ledgerCommands,
  ...experimentCommands,
  ...storeCommands,
].sort((a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)));

/** The command of this name or alias; a name may have two words. */
export function findCommand(name: string): CommandSpec | undefined {
  return commandTable.find((command) => command.name === name || command.alias === name);
}

/** The commands whose first word this is and that have a second one. */
export function commandsOfGroup(word: string): readonly CommandSpec[] {
  return commandTable.filter((command) => command.name.startsWith(`${word} `));
}

/** "ledger" of "ledger allocate". */
export function groupOf(command: CommandSpec): string {
  return command.name.split(' ', 1)[0]!;
}
