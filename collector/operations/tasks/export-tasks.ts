import { join } from 'node:path';
import type { FlexLockTask } from '../../formats/receipts/task.ts';
import { serializeReceipt } from '../../formats/receipts/text.ts';
import { addReceipt } from '../../store/receipts/receipt-files.ts';
import { readRecordedIfAny } from '../../store/recorded-file.ts';

/** What became of one task. */
export interface ExportedTask {
  id: string;
  /** The run.lock; undefined where the database holds no receipt of the task. */
  file: string | undefined;
  state: 'written' | 'there already' | 'no receipt';
}

/**
 * Writes the receipts of tasks as run.lock files below a folder, one folder each, named as FlexLock names them
 * ("task_" and eight digits of the id; more where that is taken). What is there is never written over.
 * @throws DaybookError `unwritable`, `disk-full`.
 */
export function exportTasks(tasks: readonly FlexLockTask[], folder: string): ExportedTask[] {
  return tasks.map(({ id, snapshot }) => {
    if (snapshot === undefined) return { id, file: undefined, state: 'no receipt' };
    return { id, ...writeTo(folder, id, serializeReceipt(snapshot)) };
  });
}

function writeTo(folder: string, id: string, text: string): Pick<ExportedTask, 'file' | 'state'> {
  for (const names = namesOf(id); ; ) {
    const file = join(folder, `task_${names.next().value}`, 'run.lock');
    if (addReceipt(file, text)) return { file, state: 'written' };
    // Another task of that beginning, or another state of this one, has the name: it stays.
    if (readRecordedIfAny(file)?.toString('utf8') === text) return { file, state: 'there already' };
  }
}

function* namesOf(id: string): Generator<string, never> {
  for (let digits = 8; digits < id.length; digits += 8) yield id.slice(0, digits);
  yield id;
  for (let number = 2; ; number++) yield `${id}_${number}`;
}
