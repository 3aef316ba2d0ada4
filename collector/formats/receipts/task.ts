import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import { type DisplayStatus, displayStatusOf } from '../actions/status.ts';
import { readPlainYaml } from '../yaml/plain.ts';

/** One task of a sweep as FlexLock's run.lock.tasks.db has it. */
export interface FlexLockTask {
  /** SHA-1 of the task, 40 hex digits. */
  id: string;
  /** The word of the file: pending, running, done or failed. */
  statusWord: string;
  status: DisplayStatus;
  /** Where it ran. */
  node: string | undefined;
  error: string | undefined;
  /** Microseconds since 1970 UTC. */
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
  /** The values of the task, without FlexLock's own (`_target_` …). */
  values: JsonObject;
  /** What it returned, where that was names and values. */
  result: JsonObject | undefined;
  /** Its receipt, where the version of FlexLock kept one in the database. */
  snapshot: JsonObject | undefined;
  /** Columns that could not be read, as phrases. */
  troubles: string[];
}

/** How many tasks there are of each word, in the order of a task's life. */
export type TaskCounts = Record<'pending' | 'running' | 'done' | 'failed', number> & Record<string, number>;

/** A row of the table `tasks`. Source: FlexLock's taskdb.py; older files have no column `snapshot`. Never throws. */
export function parseTask(row: Readonly<Record<string, unknown>>): FlexLockTask {
  const troubles: string[] = [];
  const text = (name: string) => {
    const value = row[name];
    return value === null || value === undefined || value === '' ? undefined : String(value);
  };
  const map = (name: string) => mapOf(text(name), name, troubles);
  const statusWord = text('status') ?? 'pending';
  return {
    id: text('task_id') ?? '',
    statusWord,
    status: displayStatusOf(statusWord),
    node: text('node'),
    error: text('error'),
    startedAtUs: timeOf(text('ts_start')),
    endedAtUs: timeOf(text('ts_end')),
    values: Object.fromEntries(
      Object.entries(map('task_info') ?? {}).filter(([key]) => !key.startsWith('_')),
    ),
    result: map('result_info'),
    snapshot: map('snapshot'),
    troubles,
  };
}

/** Counts by the words of the file. */
export function countTasks(tasks: readonly FlexLockTask[]): TaskCounts {
  const counts: TaskCounts = { pending: 0, running: 0, done: 0, failed: 0 };
  for (const { statusWord } of tasks) counts[statusWord] = (counts[statusWord] ?? 0) + 1;
  return counts;
}

/** YAML, or JSON, which is YAML as well: read so, numbers keep their digits. */
function mapOf(text: string | undefined, name: string, troubles: string[]): JsonObject | undefined {
  if (text === undefined) return undefined;
  const { value, troubles: found } = readPlainYaml(text);
  for (const { message } of found.slice(0, 1)) troubles.push(`${name}: ${message}`);
  if (isObject(value)) return value;
  return value === null ? undefined : { value };
}

/** SQLite's CURRENT_TIMESTAMP is UTC without saying so. */
function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTime(text)?.us;
}
