import { formatDuration } from '../../base/format/duration.ts';
import { formatTime } from '../../base/format/time.ts';
import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { Output } from '../output.ts';
import { type Column, formatColumns } from './columns.ts';
import { formatDetails, formatStatus, paintStatus } from './values.ts';

/** Actions as an aligned table: time, status, type, duration, details. */
export function formatActions(records: readonly ActionRecord[], out: Output): string[] {
  const cells = records.map(cellsOf);
  // One long type must not take the room of all details on a narrow terminal.
  const maxTypeColumns = Math.max(12, Math.floor((out.width ?? Number.POSITIVE_INFINITY) / 4));
  for (const row of cells) row[2] = ellipsis(row[2]!, maxTypeColumns);
  return formatColumns(cells, columnsFor(records, out), out.width);
}

/** One action as a line of its own, for lists that grow; columns have fixed widths. */
export function formatActionLine(record: ActionRecord, out: Output): string {
  const [time, status, type, duration, details] = cellsOf(record);
  return formatColumns(
    [[time!, status!.padEnd(11), type!.padEnd(16), duration!.padStart(8), details!]],
    columnsFor([record], out),
    out.width,
  )[0]!;
}

/** The head of an action table; names the zone once. */
export function actionsHead(out: Output): string {
  return out.palette.faint('times in UTC, newest first');
}

function cellsOf({ atUs, zoneless, status, type, durationMs, details, error }: ActionRecord): string[] {
  const text = formatDetails(details);
  const why = error === undefined ? text : `${visibleText(error)} ${text}`;
  return [
    `${formatTime(atUs)}${zoneless ? '?' : ''}`,
    formatStatus(status),
    visibleText(type),
    formatDuration(durationMs),
    why,
  ];
}

function columnsFor(records: readonly ActionRecord[], out: Output): Column[] {
  const { palette } = out;
  return [
    { paint: palette.faint },
    { paint: (text, row) => paintStatus(records[row]!.status, palette)(text) },
    {},
    { right: true, paint: palette.faint },
    { flexible: true, paint: palette.faint },
  ];
}
