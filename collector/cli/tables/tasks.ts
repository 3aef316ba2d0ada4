import type { CommandSpec } from '../spec.ts';

/** Sweeps that FlexLock runs, read from its databases. */
export const taskCommands: readonly CommandSpec[] = [
  {
    name: 'tasks',
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
    options: [
      { name: 'all', description: 'list every task' },
      { name: 'failed', description: 'list those that failed, with values and error' },
      {
        name: 'status',
        value: 'word',
        description: 'only tasks of this status: pending, running, done or failed',
      },
      { name: 'verbose', description: 'print errors whole' },
      { name: 'watch', description: 'print again until nothing is pending or running' },
      { name: 'interval', value: 'seconds', description: 'how often --watch looks; default 10' },
      { name: 'export', value: 'folder', description: 'write the receipts of the tasks below this folder' },
      { name: 'task', value: 'id', description: 'with --export: only the task whose id begins so' },
    ],
    examples: [
      { line: 'daybook tasks results/sweep --failed', does: 'what failed, and why' },
      { line: 'daybook tasks results/sweep --watch', does: 'follow a sweep to its end' },
      { line: 'daybook tasks results/sweep --export results/sweep/tasks', does: 'make runs of its tasks' },
    ],
    json: 'an array of {file, counts, tasks: [{id, status, node, error, started_at, ended_at, values, result}]}; with --export of {id, file, state}',
    load: () => import('../commands/tasks.ts'),
  },
];
