import { type Command, groupOf, withCode } from './command.ts';
import { everydayCommands } from './everyday.ts';
import { alertCommands } from './tables/alerts.ts';
import { archiveCommands } from './tables/archive.ts';
import { checkCommands } from './tables/checks.ts';
import { ciCommands } from './tables/ci.ts';
import { collectCommands } from './tables/collect.ts';
import { experimentCommands } from './tables/experiment.ts';
import { historyCommands } from './tables/history.ts';
import { importCommands } from './tables/import.ts';
import { ledgerCommands } from './tables/ledger.ts';
import { publishCommands } from './tables/publish.ts';
import { queryCommands } from './tables/query.ts';
import { receiptCommands } from './tables/receipts.ts';
import { runCommands } from './tables/runs.ts';
import { storeCommands } from './tables/store.ts';
import { tagCommands } from './tables/tags.ts';
import { taskCommands } from './tables/tasks.ts';
import { trendCommands } from './tables/trends.ts';

const order = [
  'init action exec periodic',
  'summary latest actions all view tail history query export import',
  'runs best trend check lineage tasks lock verify diff find restore rerun tag gc',
  'ledger experiment store',
  'build serve publish doctor watch alert redact archive sync collect ci',
]
  .join(' ')
  .split(' ');

const change = () => import('./commands/experiment.ts');
const ci = () => import('./commands/ci.ts');
const view = () => import('./commands/experiment-views.ts');

/** Every command, in the order in which help and docs/cli.md list them. */
export const commandTable: readonly Command[] = [
  ...everydayCommands,
  ...withCode(alertCommands, {
    watch: () => import('./commands/watch.ts'),
    alert: () => import('./commands/alert.ts'),
  }),
  ...withCode(archiveCommands, { archive: () => import('./commands/archive.ts') }),
  ...withCode(collectCommands, { collect: () => import('./commands/collect.ts') }),
  ...withCode(ciCommands, {
    'ci event': () => ci().then(({ event }) => ({ run: event })),
    'ci summary': () => ci().then(({ summary }) => ({ run: summary })),
    'ci job': () => ci().then(({ job }) => ({ run: job })),
  }),
  ...withCode(publishCommands, { publish: () => import('./commands/publish.ts') }),
  ...withCode(queryCommands, {
    query: () => import('./commands/query.ts'),
    export: () => import('./commands/export.ts'),
  }),
  ...withCode(importCommands, { import: () => import('./commands/import.ts') }),
  ...withCode(historyCommands, { history: () => import('./commands/history.ts') }),
  ...withCode(runCommands, {
    runs: () => import('./commands/runs.ts'),
    best: () => import('./commands/best.ts'),
    lineage: () => import('./commands/lineage.ts'),
  }),
  ...withCode(receiptCommands, {
    lock: () => import('./commands/lock.ts'),
    restore: () => import('./commands/restore.ts'),
    rerun: () => import('./commands/rerun.ts'),
  }),
  ...withCode(checkCommands, {
    verify: () => import('./commands/verify.ts'),
    diff: () => import('./commands/diff.ts'),
    find: () => import('./commands/find.ts'),
  }),
  ...withCode(taskCommands, { tasks: () => import('./commands/tasks.ts') }),
  ...withCode(trendCommands, {
    trend: () => import('./commands/trend.ts'),
    check: () => import('./commands/check.ts'),
  }),
  ...withCode(tagCommands, {
    tag: () => import('./commands/tag.ts'),
    gc: () => import('./commands/gc.ts'),
  }),
  ...withCode(ledgerCommands, {
    'ledger allocate': () => import('./commands/ledger-allocate.ts'),
    'ledger log': () => import('./commands/ledger-log.ts'),
    'ledger get': () => import('./commands/ledger-get.ts'),
    'ledger list': () => import('./commands/ledger-list.ts'),
    'ledger find': () => import('./commands/ledger-find.ts'),
    'ledger load': () => import('./commands/ledger-load.ts'),
  }),
  ...withCode(experimentCommands, {
    'experiment start': () => change().then(({ start }) => ({ run: start })),
    'experiment progress': () => change().then(({ progress }) => ({ run: progress })),
    'experiment metric': () => change().then(({ metric }) => ({ run: metric })),
    'experiment artifact': () => change().then(({ artifact }) => ({ run: artifact })),
    'experiment artifacts': () => view().then(({ artifacts }) => ({ run: artifacts })),
    'experiment tag': () => change().then(({ tag }) => ({ run: tag })),
    'experiment untag': () => change().then(({ untag }) => ({ run: untag })),
    'experiment describe': () => change().then(({ describe }) => ({ run: describe })),
    'experiment complete': () => change().then(({ complete }) => ({ run: complete })),
    'experiment fail': () => change().then(({ fail }) => ({ run: fail })),
    'experiment abort': () => change().then(({ abort }) => ({ run: abort })),
    'experiment summary': () => view().then(({ summary }) => ({ run: summary })),
    'experiment show': () => view().then(({ show }) => ({ run: show })),
  }),
  ...withCode(storeCommands, {
    'store save': () => import('./commands/store-save.ts'),
    'store delta': () => import('./commands/store-save.ts').then((each) => ({ run: each.runDelta })),
    'store get': () => import('./commands/store-get.ts'),
    'store latest': () => import('./commands/store-get.ts').then((each) => ({ run: each.runLatest })),
    'store list': () => import('./commands/store-list.ts'),
    'store versions': () => import('./commands/store-list.ts').then((each) => ({ run: each.runVersions })),
    'store tags': () => import('./commands/store-list.ts').then((each) => ({ run: each.runTags })),
    'store tag': () => import('./commands/store-change.ts'),
    'store untag': () => import('./commands/store-change.ts').then((each) => ({ run: each.runUntag })),
    'store delete': () => import('./commands/store-change.ts').then((each) => ({ run: each.runDelete })),
    'store compare': () => import('./commands/store-compare.ts'),
    'store export': () => import('./commands/store-transfer.ts'),
    'store import': () => import('./commands/store-transfer.ts').then((each) => ({ run: each.runImport })),
    'store prune': () => import('./commands/store-prune.ts'),
    'store clear': () => import('./commands/store-change.ts').then((each) => ({ run: each.runClear })),
  }),
].sort((a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)));
