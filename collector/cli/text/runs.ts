import { ellipsis, textWidth, visibleText } from '../../base/terminal.ts';
import { type RunNames, runNames, valueOfRun } from '../../operations/runs/values.ts';
import { fieldText } from '../../runs/field.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { Output } from '../output.ts';
import { type Column, formatColumns } from './columns.ts';
import { usualColumns } from './run-columns.ts';
import { formatNumber, formatStatus, paintStatus } from './values.ts';

/** A table of runs, and the columns that tell something and found no room. */
export interface RunTable {
  lines: string[];
  left: string[];
}

/** Columns to show, and the same with the most worth first: the last ones give way where a terminal is narrow. */
export interface ColumnPlan {
  shown: readonly string[];
  rank: readonly string[];
}

/** Runs as a table with a head: the chosen columns, or those of a plan that the terminal has room for; else what tells most. */
export function formatRuns(
  runs: readonly RunRecord[],
  chosen: readonly string[] | ColumnPlan | undefined,
  out: Output,
): RunTable {
  if (runs.length === 0) return { lines: [], left: [] };
  const { palette } = out;
  const known = runNames(runs);
  const plan = chosen ?? usualColumns(runs, known);
  const shown = 'rank' in plan ? plan.shown : plan;
  const wanted = shown.map((name) => ({ name, cells: cellsOf(runs, name, known) }));
  const fitting = 'rank' in plan ? fittingColumns(wanted, plan.rank, out.width) : wanted;
  const rows = [undefined, ...runs].map((_, row) => fitting.map(({ cells }) => cells[row]!));
  const columns = fitting.map(
    ({ name }): Column => ({
      right: isNumeric(runs, name, known),
      flexible: leastWidth.has(name),
      least: leastWidth.get(name),
      paint: (text, row) => {
        if (row === 0) return palette.faint(text);
        const run = runs[row - 1]!;
        if (name === 'status')
          return run.stale === undefined ? paintStatus(run.status, palette)(text) : palette.warning(text);
        return known.fieldOf(name)?.type === 'time' ? palette.faint(text) : text;
      },
    }),
  );
  const left = wanted.filter((column) => !fitting.includes(column)).map(({ name }) => name);
  return { lines: formatColumns(rows, columns, out.width), left };
}

/** Columns that give way where a terminal is narrow, and how narrow they may become. */
const leastWidth: ReadonlyMap<string, number> = new Map([
  ['key', 28],
  ['reason', 20],
]);

interface WantedColumn {
  name: string;
  /** With the head. */
  cells: string[];
}

function cellsOf(runs: readonly RunRecord[], name: string, known: RunNames): string[] {
  return [visibleText(name), ...runs.map((run) => cellOf(run, name, known))];
}

/** Those for which there is room, most worth first; all of them where there is no terminal. */
function fittingColumns(
  wanted: WantedColumn[],
  rank: readonly string[],
  width: number | undefined,
): WantedColumn[] {
  if (width === undefined) return wanted;
  let room = width + 2;
  const fitting = new Set<WantedColumn>();
  for (const name of rank) {
    const column = wanted.find((each) => each.name === name);
    if (column === undefined) continue;
    const own = Math.max(...column.cells.map(textWidth));
    const needed = Math.min(own, leastWidth.get(name) ?? own) + 2;
    if (needed > room) continue;
    room -= needed;
    fitting.add(column);
  }
  return wanted.filter((column) => fitting.has(column));
}

function isNumeric(runs: readonly RunRecord[], name: string, known: RunNames): boolean {
  if (known.fieldOf(name)?.type === 'time') return false;
  return runs.every((run) => ['number', 'undefined'].includes(typeof valueOfRun(run, name, known)));
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
