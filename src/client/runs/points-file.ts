import type { RecordedSpan } from '../../charts/curve-axis.ts';
import { numberOfUnits } from '../../data/runs/scaled.ts';
import { readGroup } from '../flat-columns.ts';
import type { OpenedParquet } from '../parquet.ts';

/** Points as they were recorded, column by column; NaN where one has no time. */
export interface PointColumns {
  steps: Float64Array;
  timesUs: Float64Array;
  values: Float64Array;
}

/** A group of rows of a file of points, which is read as a whole. */
export interface PointGroup {
  number: number;
  /** Its first row in the file, and how many it has. */
  from: number;
  rows: number;
}

/** The groups of a file, in their order. */
export function groupsOf({ metadata }: OpenedParquet): PointGroup[] {
  let from = 0;
  return metadata.row_groups.map(({ num_rows }, number) => {
    const group = { number, from, rows: Number(num_rows) };
    from += group.rows;
    return group;
  });
}

/** Whether a group may have points of a span: the file says what the least and the greatest of it are, where it does. */
export function mayHold(
  opened: OpenedParquet,
  { number }: PointGroup,
  { by, from, to }: RecordedSpan,
): boolean {
  const name = by === 'steps' ? 'step' : 'time';
  const column = opened.metadata.row_groups[number]!.columns.find(
    ({ meta_data }) => meta_data?.path_in_schema[0] === name,
  );
  const { min_value, max_value } = column?.meta_data?.statistics ?? {};
  const [least, most] = [toldAs(min_value), toldAs(max_value)];
  return !(least > to || most < from);
}

/** The points of a group: this alone knows how files of points are written. */
export async function readPoints(
  opened: OpenedParquet,
  { number }: PointGroup,
  signal: AbortSignal,
): Promise<PointColumns> {
  const names = ['step', 'time', 'value', 'units', 'scale'] as const;
  const { step, time, value, units, scale } = await readGroup(opened, names, number, signal);
  // Decimals of few digits are whole numbers and a power of ten; one of the two is empty.
  for (let row = 0; row < value.length; row++)
    if (Number.isNaN(value[row]) && !Number.isNaN(units[row]))
      value[row] = numberOfUnits(units[row]!, scale[row]!);
  return { steps: step, timesUs: time, values: value };
}

function toldAs(value: unknown): number {
  if (value instanceof Date) return value.getTime() * 1000;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}
