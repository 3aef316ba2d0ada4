import type { RunRecord } from '../../../collector/runs/record.ts';
import { columnWeight, isNoResult } from '../browser.ts';
import { axisTypeOf, type TableColumn, tableColumns } from './table-columns.ts';
import { type ChartColumns, ownValue, type RunColumn } from './types.ts';

/** Most different texts that an axis can name. */
const maxTexts = 40;
const maxAxes = 7;
const maxLooked = 5000;

/** Whether a column can be an axis: numbers and times always, texts where they are few. */
export function canBeAxis(column: TableColumn): boolean {
  const { group, about, field } = column;
  if (group === 'fixed') return field?.axis === true;
  return (
    axisTypeOf(column) === 'number' || ((about?.distinct ?? 0) >= 1 && (about?.distinct ?? 0) <= maxTexts)
  );
}

/**
 * Axes that say something together: the metric given most often, and what differs between the runs that have it. Books
 * hold runs of many kinds, and axes of different kinds share no line. Time and duration stand in where there is little else.
 */
export function chartColumns(
  runs: readonly (Pick<RunRecord, 'params' | 'metrics'> & Partial<Pick<RunRecord, 'durationMs'>>)[],
  columns: readonly RunColumn[],
): ChartColumns {
  const hasDuration = runs.some(({ durationMs }) => durationMs !== undefined);
  const all = tableColumns(columns).filter(
    (column) => column.about !== undefined && !isNoResult(column.about) && canBeAxis(column),
  );
  const anchor = heaviest(all.filter(({ group }) => group === 'metric'));
  const near = runs
    .slice(0, maxLooked)
    .filter(({ metrics }) => anchor === undefined || ownValue(metrics, anchor.name) !== undefined);
  const together = all
    .map((column, at) => ({ column, at, ...spread(near, column) }))
    .filter(({ count, distinct }) => count > 1 && distinct > 1);
  const best = (group: TableColumn['group'], most: number) =>
    together
      .filter(({ column }) => column.group === group)
      .sort((a, b) => b.count - a.count || a.at - b.at)
      .slice(0, most)
      .sort((a, b) => a.at - b.at)
      .map(({ column }) => column);
  const [params, metrics] = [best('param', 5), best('metric', 3)];
  const own = [...params, ...metrics].map(({ id }) => id);
  // Two columns of points say less than two metrics against each other.
  const number = [...together]
    .sort((a, b) => Number(b.column.group === 'param') - Number(a.column.group === 'param'))
    .find(({ column, distinct }) => column !== anchor && distinct > 3 && axisTypeOf(column) === 'number');
  return {
    axes: [...fixedAxes(own.length, hasDuration), ...own].slice(0, maxAxes),
    x: anchor === undefined ? 'started' : (number?.column.id ?? 'started'),
    y: anchor?.id ?? (hasDuration ? 'duration' : 'status'),
  };
}

/** What stands in where parameters and metrics say little. */
function fixedAxes(own: number, hasDuration: boolean): string[] {
  if (own >= 3) return [];
  const times = hasDuration ? ['started', 'duration'] : ['started'];
  return own === 0 ? ['identifier', 'status', ...times] : times;
}

function heaviest(columns: TableColumn[]): TableColumn | undefined {
  let best: TableColumn | undefined;
  for (const column of columns) if (weight(column) > weight(best)) best = column;
  return best;
}

function weight(column: TableColumn | undefined): number {
  return column?.about === undefined ? 0 : columnWeight(column.about);
}

/** In how many of the runs a column stands, and how many different values they have, counted up to four. */
function spread(
  runs: readonly Pick<RunRecord, 'params' | 'metrics'>[],
  { group, name }: TableColumn,
): { count: number; distinct: number } {
  let count = 0;
  const values = new Set<unknown>();
  for (const run of runs) {
    const value = group === 'param' ? ownValue(run.params, name) : ownValue(run.metrics, name);
    if (value === undefined || value === null) continue;
    if (values.size < 4) values.add(value);
    count += 1;
  }
  return { count, distinct: values.size };
}
