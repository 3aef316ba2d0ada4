import { groupOf } from './find-command.ts';
import type { CommandSpec } from './spec.ts';
import { checkCommands } from './table-checks.ts';
import { experimentCommands } from './table-experiment.ts';
import { historyCommands } from './table-history.ts';
import { ledgerCommands } from './table-ledger.ts';
import { readCommands } from './table-read.ts';
import { receiptCommands } from './table-receipts.ts';
import { runCommands } from './table-runs.ts';
import { storeCommands } from './table-store.ts';
import { tagCommands } from './table-tags.ts';
import { taskCommands } from './table-tasks.ts';
import { writeCommands } from './table-write.ts';

const order = [
  'init action exec periodic',
  'summary latest actions all view tail history',
  'runs lineage tasks lock verify diff find restore tag gc',
  'ledger experiment store',
  'build serve doctor redact sync',
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
  ...taskCommands,
  ...tagCommands,
  ...ledgerCommands,
  ...experimentCommands,
  ...storeCommands,
].sort((a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)));
