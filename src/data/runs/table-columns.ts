import { formatNumber } from '../../../collector/base/format/number.ts';
import type { AxisType, AxisValue } from '../../charts/axis-scale.ts';
import {
  betterOf,
  exactNumber,
  fieldText,
  fieldValue,
  isExactNumber,
  isHeldByDouble,
  isNoResult,
  mostTelling,
  type RunField,
  type RunRow,
  runFieldNamed,
  runFields,
  tellingCounts,
  tellingWeight,
} from '../browser.ts';
import { ownValue, type RunColumn, type RunView } from './types.ts';

/** A column that the table of runs can show. */
export interface TableColumn {
  /** As an address names it: "started", "metric.iou", "param.opt.name". */
  id: string;
  /** The recorded name of a parameter or metric; the id of a fixed column. */
  name: string;
  /** What stands above it: says which of the two it is where both have the name. */
  label: string;
  group: 'fixed' | 'metric' | 'param';
  type: AxisType | 'boolean' | 'mixed';
  /** Parameters and metrics: what their values are like in the whole book. */
  about: RunColumn | undefined;
  /** Fixed columns: the field of runs it shows; the receipt, which is checked at every build, is none. */
  field?: RunField | undefined;
}

/** The name of a run, which every table has first. */
export const nameColumn: TableColumn = fieldColumn(runFieldNamed('name')!);

/** Fixed columns in the order in which they can be chosen. */
export const fixedColumns: readonly TableColumn[] = [
  ...runFields.map(fieldColumn).filter(({ id }) => id !== nameColumn.id),
  { id: 'receipt', name: 'receipt', label: 'Receipt', group: 'fixed', type: 'text', about: undefined },
];

function fieldColumn(field: RunField): TableColumn {
  const { id, label, unit, type } = field;
  const heading = unit === undefined ? label : `${label} (${unit})`;
  return { id, name: id, label: heading, group: 'fixed', type, about: undefined, field };
}

/** The id of a column under whatever word an address has for it: fields may have had others before. */
export function columnIdOf(word: string): string {
  return runFieldNamed(word)?.id ?? word;
}

/** All columns of a book: fixed ones, metrics, parameters. */
export function tableColumns(columns: readonly RunColumn[]): TableColumn[] {
  const metrics = new Set(columns.filter(({ kind }) => kind === 'metric').map(({ name }) => name));
  const own = (kind: RunColumn['kind']) =>
    columns
      .filter((column) => column.kind === kind)
      .map(
        (column): TableColumn => ({
          id: `${kind}.${column.name}`,
          name: column.name,
          label: kind === 'param' && metrics.has(column.name) ? `${column.name} (parameter)` : column.name,
          group: kind,
          type: column.type,
          about: column,
        }),
      );
  return [...fixedColumns, ...own('metric'), ...own('param')];
}

/** What is shown unless someone chose: what differs, most often given first, and of the fixed ones what says something. */
export function defaultColumns(
  columns: readonly TableColumn[],
  among: number,
  differs: (column: TableColumn) => number = defaultWeight,
): string[] {
  const best = (group: 'metric' | 'param') => {
    const own = columns.filter((column) => column.group === group);
    return mostTelling(own, differs, { among, most: tellingCounts[group] }).map(({ id }) => id);
  };
  const ends = ['receipt', 'tags'].filter((id) =>
    columns.some((column) => column.group === 'fixed' && column.id === id && differs(column) > 0),
  );
  return [
    ...['status', 'started', 'duration'],
    ...atLeastTwo(best('metric'), columns),
    ...best('param'),
    ...ends,
  ];
}

/** Where hardly a metric varies, as in a book of one run, the most frequent of the others are shown. */
function atLeastTwo(chosen: string[], columns: readonly TableColumn[]): string[] {
  if (chosen.length >= 2) return chosen;
  const others = columns
    .filter(({ id, about }) => about?.kind === 'metric' && !chosen.includes(id) && !isNoResult(about))
    .sort((a, b) => (b.about?.count ?? 0) - (a.about?.count ?? 0))
    .slice(0, 2 - chosen.length)
    .map(({ id }) => id);
  return columns.map(({ id }) => id).filter((id) => chosen.includes(id) || others.includes(id));
}

/** How much a column is worth showing in the whole book. */
export function defaultWeight({ about }: TableColumn): number {
  return about === undefined ? 0 : tellingWeight(about);
}

/** Parameters that have one and the same value wherever they are given, in at least two runs. */
export function sameEverywhere(columns: readonly RunColumn[]): RunColumn[] {
  return columns.filter(({ kind, distinct, count }) => kind === 'param' && distinct === 1 && count > 1);
}

/** The value of a run under a column, as axes and sorting take it. */
export function valueOfRun(run: RunView, column: TableColumn): AxisValue {
  switch (column.group) {
    case 'metric':
      return ownValue(run.metrics, column.name);
    case 'param':
      return ownValue(run.params, column.name);
    case 'fixed':
      return column.field === undefined ? run.verdict : shownValue(column.field, run);
  }
}

/** The value of a field as tables, charts and facets show it. */
export function shownValue(field: RunField, run: RunRow): AxisValue {
  return field.shown === undefined ? fieldValue(field, run) : field.shown(run);
}

/** A value as a cell shows it: "" where there is none. */
export function cellText(value: AxisValue, column: TableColumn): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'number') {
    const number = column.type === 'mixed' ? numberIn(value) : undefined;
    // Digits beyond a double are shown, not rounded.
    const isRounded = typeof value === 'string' && isRoundedByDouble(value);
    return number === undefined || isRounded ? String(value) : formatNumber(number);
  }
  return column.type === 'mixed' ? formatNumber(value) : fieldText(column.type, value);
}

const isRoundedByDouble = (text: string) => {
  const exact = exactNumber(text.trim());
  return isExactNumber(exact) && !isHeldByDouble(exact);
};

/** The number that a value is: texts that say one count too, because configurations write "1e-3" as text. */
export function numberIn(value: AxisValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value))
    return undefined;
  return Number(value);
}

/** What is better of a metric or another number: what runs have recorded, else what its name says. */
export function directionOfColumn({ name, about }: TableColumn): 'min' | 'max' | undefined {
  return betterOf({ name, direction: about?.direction, disputed: about?.disputed });
}

/** Whether the values of a column stand at its end, so that their digits can be compared. */
export function isNumeric({ type }: TableColumn): boolean {
  return type === 'number' || type === 'duration' || type === 'mixed';
}

/** How an axis measures a column. */
export function axisTypeOf({ type, about }: TableColumn): AxisType {
  if (type === 'mixed') return about?.min === undefined ? 'text' : 'number';
  return type === 'boolean' ? 'text' : type;
}

/** A value as its axis takes it. */
export function axisValue(value: AxisValue, column: TableColumn): AxisValue {
  return column.type === 'mixed' && axisTypeOf(column) === 'number' ? numberIn(value) : value;
}
