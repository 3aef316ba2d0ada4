import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { countTasks, type FlexLockTask, type TaskCounts } from '../../formats/receipts/task.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { findRunFiles } from '../../store/runs/find-run-files.ts';
import { readTasks } from '../../store/tasks/read-tasks.ts';

/** One sweep: the tasks of one database. */
export interface Sweep {
  /** The database, relative to the book; absolute outside of it. */
  file: string;
  tasks: FlexLockTask[];
  counts: TaskCounts;
}

/**
 * The sweeps of a book, or those that are named: databases, or folders that hold one.
 * @throws DaybookError `not-found` where a named one is not there, `unreadable` where it is no database of tasks.
 */
export async function readSweeps(root: string, named: readonly string[], from: string): Promise<Sweep[]> {
  const paths =
    named.length > 0 ? named.map((path) => databaseAt(resolve(from, path))) : await findDatabases(root);
  return paths.map((path) => {
    const tasks = readTasks(path);
    return { file: isInside(root, path) ? bookPath(root, path) : path, tasks, counts: countTasks(tasks) };
  });
}

/** The task whose id begins as given. @throws DaybookError `not-found`, or `usage` where several do. */
export function getTask({ tasks, file }: Sweep, wanted: string): FlexLockTask {
  const found = tasks.filter(({ id }) => id.startsWith(wanted.toLowerCase()));
  if (found.length === 1) return found[0]!;
  const many = found.length > 1;
  throw new DaybookError(
    many ? 'usage' : 'not-found',
    `Expected the id of one task of ${file}, found "${wanted}", with which ${many ? `${found.length} begin` : 'none begins'}.`,
    { where: file, hint: 'daybook tasks --all lists them.' },
  );
}

const name = 'run.lock.tasks.db';

function databaseAt(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) return join(path, name);
  return path.endsWith('run.lock') && existsSync(`${path}.tasks.db`) ? `${path}.tasks.db` : path;
}

async function findDatabases(root: string): Promise<string[]> {
  const { config } = await readConfigFile(root);
  const { tasks } = await findRunFiles(root, config.runs, () => undefined);
  return tasks.map((path) => join(root, path));
}
