import { formatDuration } from '../../base/format/duration.ts';
import { formatTime } from '../../base/format/time.ts';
import { jsonText } from '../../base/json/text.ts';
import { visibleText } from '../../base/terminal.ts';
import { displayStatusOf } from '../../formats/actions/status.ts';
import type { FlexLockTask } from '../../formats/receipts/task.ts';
import type { Sweep } from '../../operations/tasks/book-tasks.ts';
import type { Output } from '../output.ts';
import { formatColumns } from './columns.ts';
import { formatStatus, paintStatus } from './values.ts';

/** Counts of a sweep: "results/sweep/run.lock.tasks.db  12 of 40 over (30 %)", then one line per status. */
export function formatSweep({ file, counts }: Sweep, { palette }: Output): string[] {
  const total = Object.values(counts).reduce((sum, many) => sum + many, 0);
  const over = counts.done + counts.failed;
  const share = total === 0 ? '' : ` (${Math.floor((over / total) * 100)} %)`;
  const shown = Object.entries(counts).filter(
    ([word, many]) => many > 0 || word === 'done' || word === 'failed',
  );
  return [
    `${visibleText(file)}  ${over} of ${total} over${share}`,
    ...formatColumns(
      shown.map(([word, many]) => [
        `  ${formatStatus(displayStatusOf(word), visibleText(word))}`,
        String(many),
      ]),
      [
        { paint: (text, row) => paintStatus(displayStatusOf(shown[row]![0]), palette)(text) },
        { right: true },
      ],
    ),
  ];
}

/** One line a task: status, id, place, when it began and how long it took. */
export function formatTasks(tasks: readonly FlexLockTask[], { palette }: Output): string[] {
  return formatColumns(
    tasks.map(({ id, status, statusWord, node, startedAtUs, endedAtUs }) => [
      formatStatus(status, visibleText(statusWord)),
      id.slice(0, 10),
      visibleText(node ?? ''),
      startedAtUs === undefined ? '' : formatTime(startedAtUs),
      startedAtUs === undefined || endedAtUs === undefined
        ? ''
        : formatDuration((endedAtUs - startedAtUs) / 1000),
    ]),
    [{ paint: (text, row) => paintStatus(tasks[row]!.status, palette)(text) }, {}, {}, {}, { right: true }],
  ).map((line) => `  ${line}`);
}

const maxLines = 12;

/** A failed task with its values and the end of its error, where a traceback says what went wrong. */
export function formatFailedTask(task: FlexLockTask, whole: boolean, { palette }: Output): string[] {
  const { id, node, endedAtUs, values, error } = task;
  const where = [node, endedAtUs === undefined ? undefined : formatTime(endedAtUs)].filter(
    (part) => part !== undefined,
  );
  const lines = (error ?? 'no error was recorded').trimEnd().split('\n');
  const cut = whole ? 0 : Math.max(0, lines.length - maxLines);
  return [
    '',
    `  ${palette.bad(formatStatus('failed', id.slice(0, 10)))} ${palette.faint(visibleText(where.join(', ')))}`,
    ...Object.entries(values).map(
      ([name, value]) =>
        `    ${visibleText(name)}: ${visibleText(typeof value === 'string' ? value : jsonText(value))}`,
    ),
    ...(cut > 0 ? [`    ${palette.faint(`… ${cut} lines; --verbose shows them`)}`] : []),
    ...lines.slice(cut).map((line) => `    ${palette.bad(visibleText(line))}`),
  ];
}
