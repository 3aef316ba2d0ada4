import { type Bin, binUnit, countInto, emptyBins } from '../../charts/histogram.ts';
import { statusOrder } from '../../charts/status-shape.ts';
import type { Counted } from '../book/counts.ts';
import type { ActionsSummary } from './types.ts';

/** Statuses that occur, in the order of the explorer. */
export function statusValues(actions: ActionsSummary): Counted[] {
  const order = ['completed', 'failed', 'running', 'aborted', 'pending', 'unknown'] as const;
  return order
    .map((status) => ({ value: status, count: actions.byStatus[status] }))
    .filter(({ count }) => count > 0);
}

/** The bins of the printed timeline: days or wider, because days are what the book counts. */
export function dayBins(actions: ActionsSummary): Bin[] {
  const { firstUs, lastUs, days } = actions;
  if (firstUs === undefined || lastUs === undefined) return [];
  const unit = binUnit(firstUs, lastUs, 160);
  const bins = emptyBins(firstUs, lastUs, unit === 'minute' || unit === 'hour' ? 'day' : unit);
  const events = days.flatMap(({ day, counts }) =>
    statusOrder.map((status) => ({ atUs: Date.parse(day) * 1000, status, count: counts[status] })),
  );
  return countInto(bins, events);
}
