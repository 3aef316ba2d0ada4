import { axisTypeOf, columnWeight, type TableColumn } from './run-table-columns.ts';

/** Most different texts that an axis can name. */
const mostTexts = 40;
const mostAxes = 7;

/** Whether a column can be an axis: numbers and times always, texts where they are few. */
export function canBeAxis(column: TableColumn): boolean {
  const { id, group, about } = column;
  if (group === 'fixed')
    return ['status', 'started', 'took', 'identifier', 'artifacts', 'series'].includes(id);
  return (
    axisTypeOf(column) === 'number' || ((about?.distinct ?? 0) >= 1 && (about?.distinct ?? 0) <= mostTexts)
  );
}

/** Axes of the parallel coordinates unless someone chose: parameters that differ, then metrics; time and duration where there are none. */
export function defaultAxes(columns: readonly TableColumn[]): string[] {
  const params = bestOf(columns, 'param', 5).map(({ id }) => id);
  const metrics = bestOf(columns, 'metric', 3).map(({ id }) => id);
  const own = [...params, ...metrics];
  const fixed = own.length >= 3 ? [] : ['started', 'took'];
  return [...fixed, ...own].slice(0, mostAxes);
}

/** Axes of the scatter plot unless someone chose: a number against the best metric, else duration over time. */
export function defaultPoints(columns: readonly TableColumn[]): { x: string; y: string } {
  const isNumber = (column: TableColumn) => axisTypeOf(column) === 'number';
  const [metric, other] = bestOf(columns, 'metric', 2).filter(isNumber);
  const [param] = bestOf(columns, 'param', 50).filter(isNumber);
  if (metric === undefined) return { x: 'started', y: 'took' };
  return { x: param?.id ?? other?.id ?? 'started', y: metric.id };
}

/** The columns of a kind that differ and can be axes, most often given first, in their own order. */
function bestOf(columns: readonly TableColumn[], group: 'metric' | 'param', most: number): TableColumn[] {
  return columns
    .filter((column) => column.group === group && canBeAxis(column) && (column.about?.distinct ?? 0) > 1)
    .map((column, at) => ({ column, at, count: column.about === undefined ? 0 : columnWeight(column.about) }))
    .sort((a, b) => b.count - a.count || a.at - b.at)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column);
}
