import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import { type FlexLockTask, parseTask } from '../../formats/receipts/task.ts';
import { openDatabase } from '../ledger/sqlite.ts';
import { refuseObstacle } from '../recorded-file.ts';

/**
 * The tasks of a sweep from FlexLock's run.lock.tasks.db, in the order in which they were queued. The file and what SQLite keeps
 * beside it are copied and read there: reading in place would leave files beside a database that someone else is writing.
 * @throws DaybookError `not-found`, or `unreadable` where the file is no such database.
 */
export function readTasks(path: string): FlexLockTask[] {
  if (!existsSync(path)) {
    throw new DaybookError('not-found', `Expected a task database at ${path}, found nothing there.`, {
      where: path,
      hint: 'FlexLock calls it run.lock.tasks.db, beside the run.lock of the sweep.',
    });
  }
  refuseObstacle(path, 'unreadable');
  const folder = makeWorkFolder('tasks');
  try {
    return rowsOf(copyInto(folder, path)).map(parseTask);
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw new DaybookError(
      'unreadable',
      `Expected FlexLock's table of tasks in ${path}, found none: ${messageOf(error)}`,
      {
        where: path,
        hint: 'Name a run.lock.tasks.db. Where it is damaged, sqlite3 may recover it: .recover',
        cause: error,
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyInto(folder: string, path: string): string {
  const copy = join(folder, basename(path));
  // What has not been taken into the file yet stands beside it; copied after it, it can only be newer.
  for (const ending of ['', '-wal', '-journal']) {
    if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending);
  }
  return copy;
}

function rowsOf(copy: string): Record<string, unknown>[] {
  const database = openDatabase(copy);
  try {
    return database.prepare('SELECT * FROM tasks ORDER BY rowid').all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}
