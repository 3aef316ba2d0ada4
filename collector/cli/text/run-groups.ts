import { ellipsis, textWidth, visibleText } from '../../base/terminal.ts';
import type { RunGroups } from '../../operations/runs/groups.ts';
import { fieldText } from '../../runs/field.ts';
import { runFieldNamed } from '../../runs/fields.ts';
import type { Measure } from '../../runs/groups/measure.ts';
import { meanText } from '../../runs/groups/text.ts';
import type { Scalar } from '../../runs/record.ts';
import type { Output } from '../output.ts';
import { formatColumns } from './columns.ts';
import { formatNumber } from './values.ts';

/** Groups as a table: what they were gathered by, how many runs, and mean, deviation and best of each measure. */
export function formatGroups(
  { by, measures, groups }: RunGroups,
  out: Output,
): { lines: string[]; left: string[] } {
  if (groups.length === 0) return { lines: [], left: [] };
  const heads = [
    ...by.map((name) => [visibleText(name), ...groups.map(({ values }) => valueText(name, values[name]))]),
    ['n', ...groups.map(({ n }) => String(n))],
    ...(groups.some(({ leftOut }) => leftOut > 0)
      ? [['left out', ...groups.map(({ leftOut }) => (leftOut === 0 ? '' : String(leftOut)))]]
      : []),
  ];
  const cells = measures.map((name) =>
    measureColumns(
      name,
      groups.map((group) => ({ n: group.n, measure: group.measures[name] })),
    ),
  );
  const fitting = fittingMeasures(heads, cells, out.width);
  const columns = [...heads, ...fitting.flat()];
  const isNumeric = columns.map((column) =>
    column.slice(1).every((cell) => cell === '' || /^-?[\d.]/.test(cell)),
  );
  const rows = columns[0]!.map((_, row) => columns.map((column) => column[row]!));
  const lines = formatColumns(
    rows,
    isNumeric.map((right) => ({ right, paint: (text, row) => (row === 0 ? out.palette.faint(text) : text) })),
    out.width,
  );
  return { lines, left: measures.slice(fitting.length).map((name) => visibleText(name)) };
}

/** At least the first one; then as many as there is room for. */
function fittingMeasures(heads: string[][], measures: string[][][], width: number | undefined): string[][][] {
  if (width === undefined) return measures;
  const widthOf = (columns: string[][]) =>
    columns.reduce((sum, cells) => sum + Math.max(...cells.map(textWidth)) + 2, 0);
  let room = width + 2 - widthOf(heads);
  return measures.filter((columns, at) => {
    room -= widthOf(columns);
    return at === 0 || room >= 0;
  });
}

function measureColumns(name: string, groups: { n: number; measure: Measure | undefined }[]): string[][] {
  const shown = visibleText(name);
  const text = (value: number) => numberText(name, value);
  const mean = groups.map(({ n, measure }) => {
    return measure === undefined ? '' : meanText(measure, n, text);
  });
  const best = groups.map(({ measure }) => (measure?.best === undefined ? '' : text(measure.best.value)));
  return [[shown, ...mean], ...(best.some((cell) => cell !== '') ? [[`best ${shown}`, ...best]] : [])];
}

function numberText(name: string, value: number): string {
  const type = runFieldNamed(name)?.type;
  return type === undefined || type === 'number' ? formatNumber(value) : fieldText(type, value);
}

function valueText(name: string, value: Scalar | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'number' ? numberText(name, value) : ellipsis(visibleText(String(value)), 60);
}
