import { count, flag, oneOf, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Sweeps that FlexLock runs, read from its databases. */
export const taskCommands = {
  tasks: {
    summary: "show the tasks of a sweep, from FlexLock's database",
    description: [
      'Counts the tasks of a sweep by status, as flexlock-status does, from run.lock.tasks.db; the database may be in use and is only read. Without a name, every database of the book.',
      '--export writes the receipts that the database holds as run.lock files, so that the tasks are runs like all others; what is there already is never written over.',
    ],
    arguments: [
      {
        name: 'database',
        many: true,
        description: 'a run.lock.tasks.db, its folder, or the run.lock beside it',
      },
    ],
    options: {
      all: flag('list every task'),
      failed: flag('list those that failed, with values and error'),
      status: oneOf(
        'word',
        ['pending', 'running', 'done', 'failed'],
        'only tasks of this status: pending, running, done or failed',
      ),
      verbose: flag('print errors whole'),
      watch: flag('print again until nothing is pending or running'),
      interval: count('seconds', 'how often --watch looks; default 10', { most: 86_400, otherwise: 10 }),
      export: text('folder', 'write the receipts of the tasks below this folder'),
      task: text('id', 'with --export: only the task whose id begins so'),
    },
    examples: [
      { line: 'daybook tasks results/sweep --failed', does: 'what failed, and why' },
      { line: 'daybook tasks results/sweep --watch', does: 'follow a sweep to its end' },
      { line: 'daybook tasks results/sweep --export results/sweep/tasks', does: 'make runs of its tasks' },
    ],
    json: 'an array of {file, counts, tasks: [{id, status, node, error, started_at, ended_at, values, result}]}; with --export of {id, file, state}',
  },
} as const satisfies Commands;
