import { groupOf } from './find-command.ts';
import type { CommandSpec } from './spec.ts';
import { checkCommands } from './tables/checks.ts';
import { experimentCommands } from './tables/experiment.ts';
import { historyCommands } from './tables/history.ts';
import { ledgerCommands } from './tables/ledger.ts';
import { readCommands } from './tables/read.ts';
import { receiptCommands } from './tables/receipts.ts';
import { runCommands } from './tables/runs.ts';
import { storeCommands } from './tables/store.ts';
import { tagCommands } from './tables/tags.ts';
import { taskCommands } from './tables/tasks.ts';
import { writeCommands } from './tables/write.ts';

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
