import type { LineTable } from './line-table.ts';
import type { ActionRow } from './row.ts';
import type { RowOrder } from './row-order.ts';

/** The actions of a log, to be counted and published. */
export interface LoggedActions {
  table: LineTable;
  order: RowOrder;
  /** The row of an action, by the numbers of its lines. */
  row(lines: ArrayLike<number>): ActionRow;
}
