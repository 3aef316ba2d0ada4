import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { type Bin, binUnit, countInto, emptyBins, noCounts, total } from '../../charts/histogram.ts';
import { statusOrder } from '../../charts/status-shape.ts';
import type { SiteBook } from '../book/types.ts';
import { recording, silences } from './recording.ts';

/** What the Overview draws of the log: nothing, or bars. A handful of actions is a list, not a chart. */
export interface Activity {
  /** "Actions per day" */
  title: string;
  note: string;
  bins: Bin[];
  /** Stretches without any action, with what to write on them. */
  silences: { fromUs: number; toUs: number; label: string }[];
}

const dayUs = 86_400_000_000;
const fewest = 6;

/** The last 90 days, ending with the build, or with the last record of a book that fell silent; hours where all happened within three days. */
export function activity(book: SiteBook): Activity | undefined {
  const { actions } = book;
  if (actions.total < fewest || actions.firstUs === undefined || actions.lastUs === undefined)
    return undefined;
  const { silentMs } = recording(book);
  const endUs = silentMs > 30 * 86_400_000 ? actions.lastUs : Math.max(book.builtAtUs, actions.lastUs);
  const firstDay = Date.parse(`${actions.days[0]?.day}T00:00:00Z`) * 1000;
  const fromUs = Math.max(
    Number.isFinite(firstDay) ? firstDay : actions.firstUs,
    startOfDay(endUs) - 89 * dayUs,
  );
  if (endUs - fromUs <= 3 * dayUs && actions.total <= actions.newest.length) return hourly(book, endUs);
  const bins = countDays(book, emptyBins(fromUs, endUs, 'day'));
  return {
    title: 'Actions per day',
    note: `${rangeText(fromUs, endUs, book.builtAtUs)} · ${plural(sum(bins), 'action')}`,
    bins,
    silences: silences(actions.days, fromUs, bins.at(-1)?.toUs ?? endUs).map((gap) => ({
      fromUs: gap.fromUs,
      toUs: gap.toUs,
      label: `silent ${formatSpan(gap.days * 86_400_000)}`,
    })),
  };
}

/** All days of the log with their totals, for the calendar; undefined where the log is too short for one. */
export function calendarDays(book: SiteBook): { day: string; total: number; failed: number }[] | undefined {
  const { days } = book.actions;
  const first = Date.parse(`${days[0]?.day}T00:00:00Z`);
  const last = Date.parse(`${days.at(-1)?.day}T00:00:00Z`);
  if (!(last - first >= 21 * 86_400_000)) return undefined;
  return days.map(({ day, counts }) => ({ day, total: total(counts), failed: counts.failed }));
}

/** The statuses that occur in some bins, in the order of the legend. */
export function statusesIn(bins: Bin[]): (typeof statusOrder)[number][] {
  return statusOrder.filter((status) => bins.some((bin) => bin.counts[status] > 0));
}

function hourly(book: SiteBook, endUs: number): Activity {
  const firstUs = book.actions.firstUs ?? endUs;
  const lastUs = book.actions.lastUs ?? endUs;
  const toUs = endUs - lastUs < 12 * 3_600_000_000 ? endUs : lastUs;
  const unit = binUnit(firstUs, toUs, 80);
  const bins = countInto(emptyBins(firstUs, toUs, unit), book.actions.newest);
  return {
    title: `Actions per ${unit}`,
    note: `${spanText(firstUs, toUs, book.builtAtUs)} · ${plural(sum(bins), 'action')}`,
    bins,
    silences: [],
  };
}

function countDays(book: SiteBook, bins: Bin[]): Bin[] {
  const byDay = new Map(book.actions.days.map(({ day, counts }) => [day, counts]));
  return bins.map((bin) => ({
    ...bin,
    counts: { ...noCounts(), ...byDay.get(new Date(bin.fromUs / 1000).toISOString().slice(0, 10)) },
  }));
}

function spanText(fromUs: number, toUs: number, nowUs: number): string {
  const [from, to] = [formatDay(fromUs, nowUs), formatDay(toUs, nowUs)];
  return from === to ? from : `${from} to ${to}`;
}

function rangeText(fromUs: number, endUs: number, nowUs: number): string {
  const days = Math.round((startOfDay(endUs) - startOfDay(fromUs)) / dayUs) + 1;
  if (startOfDay(endUs) === startOfDay(nowUs)) return `last ${days} days`;
  return `${formatDay(fromUs, endUs)} to ${formatDay(endUs, nowUs)}`;
}

function sum(bins: Bin[]): number {
  return bins.reduce((all, bin) => all + total(bin.counts), 0);
}

function startOfDay(us: number): number {
  return Math.floor(us / dayUs) * dayUs;
}
