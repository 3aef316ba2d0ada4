import { ellipsis, visibleText } from '../../base/terminal.ts';
import { columnsNamed, type RunNames, runNames, valueOfRun } from '../../operations/runs/values.ts';
import { fieldText } from '../../runs/field.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { Output } from '../output.ts';
import { type Column, formatColumns } from './columns.ts';
import { formatNumber, formatStatus, paintStatus } from './values.ts';

/** How many metrics a table shows that nobody chose columns for. */
const maxMetrics = 3;

/** Runs as a table with a head: the chosen columns behind key and status, or the ones most of them have. */
export function formatRuns(
  runs: readonly RunRecord[],
  chosen: readonly string[] | undefined,
  out: Output,
): string[] {
  if (runs.length === 0) return [];
  const { palette } = out;
  const known = runNames(runs);
  const frequent = () => frequentMetrics(runs).flatMap((name) => columnsNamed(name, known));
  const usual = () => ['started', 'status', 'key', 'duration', ...frequent(), ...reasonColumn(runs)];
  const names = chosen ?? usual();
  const isNumber = names.map((name) =>
    runs.every((run) => ['number', 'undefined'].includes(typeof valueOfRun(run, name, known))),
  );
  const rows = [
    names.map((name) => visibleText(name)),
    ...runs.map((run) => names.map((name) => cellOf(run, name, known))),
  ];
  const columns = names.map(
    (name, index): Column => ({
      right: isNumber[index]! && known.fieldOf(name)?.type !== 'time',
      flexible: name === 'key',
      paint: (text, row) => {
        if (row === 0) return palette.faint(text);
        const run = runs[row - 1]!;
        if (name === 'status')
          return run.stale === undefined ? paintStatus(run.status, palette)(text) : palette.warning(text);
        return known.fieldOf(name)?.type === 'time' ? palette.faint(text) : text;
      },
    }),
  );
  return formatColumns(rows, columns, out.width);
}

function cellOf(run: RunRecord, name: string, names: RunNames): string {
  if (name === 'status') return statusOf(run);
  const value = valueOfRun(run, name, names);
  if (value === undefined) return '';
  if (typeof value !== 'number') return ellipsis(visibleText(String(value)), 60);
  const field = names.fieldOf(name);
  return field === undefined || field.type === 'number' ? formatNumber(value) : fieldText(field.type, value);
}

/** The status with its mark; the file's own word where it is none of the known. */
function statusOf({ status, statusWord, stale }: RunRecord): string {
  const word = status === 'unknown' ? ellipsis(visibleText(statusWord), 20) : status;
  return `${formatStatus(status, word)}${stale === undefined ? '' : ' (stale)'}`;
}

/** Why runs did not end well, where there are such. */
function reasonColumn(runs: readonly RunRecord[]): string[] {
  return runs.some(({ error }) => error !== undefined) ? ['reason'] : [];
}

function frequentMetrics(runs: readonly RunRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const name in run.metrics) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, maxMetrics)
    .map(([name]) => name);
}
