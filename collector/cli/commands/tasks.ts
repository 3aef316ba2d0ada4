import { relative, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import type { FlexLockTask } from '../../formats/receipts/task.ts';
import { getTask, readSweeps, type Sweep } from '../../operations/tasks/book-tasks.ts';
import { exportTasks } from '../../operations/tasks/export-tasks.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatFailedTask, formatSweep, formatTasks } from '../text/tasks.ts';

/** `daybook tasks`: the tasks of sweeps, counted, listed, followed or made into runs. */
export async function run(context: CommandContext<'tasks'>): Promise<undefined> {
  const root = bookRootOf(context);
  checkOptions(context);
  const read = async () => only(context, await readSweeps(root, context.arguments, context.cwd));
  const into = context.options.export;
  if (into !== undefined) return exportInto(context, await read(), resolve(context.cwd, into));
  if (!context.options.watch) return print(context, await read());
  const interval = context.options.interval;
  const signal = context.interruptSignal();
  for (;;) {
    const sweeps = await read();
    print(context, sweeps);
    if (sweeps.every(isOver) || signal.aborted) return undefined;
    await pause(interval * 1000, signal);
  }
}

function checkOptions(context: CommandContext<'tasks'>): void {
  if (context.options.task !== undefined && context.options.export === undefined) {
    throw new DaybookError('usage', 'Expected --task together with --export.', {
      hint: 'For example: daybook tasks results/sweep --export tasks --task 1f3c',
    });
  }
}

/** Counts stay those of the whole sweep. */
function only(context: CommandContext<'tasks'>, sweeps: Sweep[]): Sweep[] {
  const status = context.options.status ?? (context.options.failed ? 'failed' : undefined);
  if (status === undefined) return sweeps;
  return sweeps.map((sweep) => ({
    ...sweep,
    tasks: sweep.tasks.filter(({ statusWord }) => statusWord === status),
  }));
}

function print(context: CommandContext<'tasks'>, sweeps: readonly Sweep[]): undefined {
  const { out, options } = context;
  if (context.json) return out.printJson(sweeps.map(shown));
  if (sweeps.length === 0)
    out.note('This book has no run.lock.tasks.db: no sweep that FlexLock ran in parallel.');
  for (const sweep of sweeps) {
    for (const line of formatSweep(sweep, out)) out.print(line);
    const isListed = options.all || options.status !== undefined;
    if (options.failed) {
      for (const task of sweep.tasks)
        for (const line of formatFailedTask(task, options.verbose, out)) out.print(line);
    } else if (isListed) for (const line of formatTasks(sweep.tasks, out)) out.print(line);
    const troubles = sweep.tasks.flatMap(({ id, troubles: each }) =>
      each.map((what) => `${id.slice(0, 10)}: ${what}`),
    );
    for (const trouble of troubles.slice(0, 5)) out.note(`not read whole: ${visibleText(trouble)}`);
  }
  return undefined;
}

function exportInto(context: CommandContext<'tasks'>, sweeps: readonly Sweep[], folder: string): undefined {
  const { out } = context;
  const wanted = context.options.task;
  const tasks = sweeps.flatMap((sweep) => (wanted === undefined ? sweep.tasks : [getTask(sweep, wanted)]));
  const exported = exportTasks(tasks, folder);
  if (context.json) return out.printJson(exported);
  const count = (state: string) => exported.filter((each) => each.state === state).length;
  for (const { file, state } of exported)
    if (state === 'written') out.print(visibleText(relative(context.cwd, file!)));
  const rest = [
    [count('there already'), 'there already'],
    [count('no receipt'), 'without a receipt in the database'],
  ] as const;
  const parts = rest.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
  out.note([`${plural(count('written'), 'receipt')} written`, ...parts].join(', '));
  return undefined;
}

function shown({ file, counts, tasks }: Sweep) {
  return { file, counts, tasks: tasks.map(shownTask) };
}

function shownTask({ id, statusWord, node, error, startedAtUs, endedAtUs, values, result }: FlexLockTask) {
  const time = (us: number | undefined) => (us === undefined ? null : isoMicros(us));
  return {
    id,
    status: statusWord,
    node: node ?? null,
    error: error ?? null,
    started_at: time(startedAtUs),
    ended_at: time(endedAtUs),
    values,
    result: result ?? null,
  };
}

const isOver = ({ counts }: Sweep) => counts.pending === 0 && counts.running === 0;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
