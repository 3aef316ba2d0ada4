import { formatNumber } from '../../collector/base/format/number.ts';
import { type StatusName, statusOrder } from './status-shape.ts';

/** Rows of one colour: its class in the style sheet and the words of its legend. */
export interface ColourGroup {
  className: string;
  label: string;
}

/** In which group a row stands, and all groups in the order in which they are drawn: what matters most comes last. */
export interface ColourGroups {
  groups: ColourGroup[];
  groupOf(row: number): number;
}

const steps = 5;

/** Colours by status; `unknown` is what unknown ones are called. */
export function statusGroups(statusOf: (row: number) => StatusName, unknown = 'unknown'): ColourGroups {
  return {
    groups: statusOrder.map((status) => ({
      className: `ink-${status}`,
      label: status === 'unknown' ? unknown : status,
    })),
    groupOf: (row) => statusOrder.indexOf(statusOf(row)),
  };
}

/** Five steps from low to high, as many rows in each as can be; rows without a number stand in a group of their own, drawn first. */
export function valueGroups(valueAt: (row: number) => unknown, rows: readonly number[]): ColourGroups {
  const values = rows
    .map(valueAt)
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
    .sort((a, b) => a - b);
  const edges = Array.from(
    { length: steps - 1 },
    (_, at) => values[Math.floor(((at + 1) * values.length) / steps)],
  );
  const bounds = [values[0], ...edges, values.at(-1)].map((value) => formatNumber(value ?? Number.NaN, 3));
  return {
    groups: [
      { className: 'ramp-none', label: 'no value' },
      ...Array.from({ length: steps }, (_, at) => ({
        className: `ramp-${at}`,
        label: `${bounds[at]} to ${bounds[at + 1]}`,
      })),
    ],
    groupOf(row) {
      const value = valueAt(row);
      if (typeof value !== 'number' || !Number.isFinite(value)) return 0;
      const above = edges.filter((edge) => edge !== undefined && value >= edge).length;
      return 1 + above;
    },
  };
}
