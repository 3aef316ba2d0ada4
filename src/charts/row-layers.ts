import type { ColourGroups } from './colour-groups.ts';
import { sampleRows } from './sample-rows.ts';

/** How a chart tells its rows apart. */
export interface RowLooks {
  isIn(row: number): boolean;
  isPicked(row: number): boolean;
  groups: ColourGroups;
}

/** The rows that a chart draws, and the layers of one look each in which it does, the lowest first. */
export interface RowLayers {
  drawn: number[];
  inside: number[];
  picked: number[];
  layers: { className: string; rows: number[] }[];
}

/** At most about `max` rows by their look: those outside of what is asked for lie below, pale; groups lie in their order. */
export function rowLayers(
  kind: 'line' | 'point',
  rows: readonly number[],
  max: number,
  { isIn, isPicked, groups }: RowLooks,
): RowLayers {
  const drawn = sampleRows(rows, max, groups.groupOf);
  const inside = drawn.filter(isIn);
  const layers = [
    { className: `${kind} ${kind}-out`, rows: drawn.filter((row) => !isIn(row)) },
    ...groups.groups.map(({ className }, group) => ({
      className: `${kind} ${className}`,
      rows: inside.filter((row) => groups.groupOf(row) === group),
    })),
  ];
  return {
    drawn,
    inside,
    picked: drawn.filter(isPicked),
    layers: layers.filter((layer) => layer.rows.length > 0),
  };
}

/** The row that is least far away, of those that are nearer than `near`. */
export function nearestRow(
  rows: readonly number[],
  near: number,
  distanceOf: (row: number) => number | undefined,
): number | undefined {
  let [best, distance]: [number | undefined, number] = [undefined, near];
  for (const row of rows) {
    const away = distanceOf(row);
    if (away !== undefined && away < distance) [best, distance] = [row, away];
  }
  return best;
}
