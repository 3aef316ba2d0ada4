import { max, utcDay, utcMonday } from 'd3';
import { formatMonth } from './format.ts';

/** What one day of the calendar holds. */
export interface DayTotal {
  /** "2026-11-20" */
  day: string;
  total: number;
  failed: number;
}

/** One day: its place, how busy it was (0 to 4), and what it holds. */
export interface CalendarCell extends DayTotal {
  x: number;
  y: number;
  level: 0 | 1 | 2 | 3 | 4;
}

/** A calendar of weeks side by side, Monday on top; x and `cellWidth` in the units of `size.width`. */
export interface Calendar {
  cells: CalendarCell[];
  cellWidth: number;
  rowHeight: number;
  months: { label: string; x: number }[];
  weeks: number;
  max: number;
}

/** The weeks up to the one that holds `endUs`, at most `weeks` and no more than the days need; every day is there, also empty ones. */
export function calendar(
  days: DayTotal[],
  endUs: number,
  size: { width: number; rowHeight: number; weeks: number },
): Calendar {
  const end = utcDay.floor(new Date(endUs / 1000));
  const lastWeek = utcMonday.floor(end);
  const earliest = days[0] === undefined ? lastWeek : utcMonday.floor(new Date(`${days[0].day}T00:00:00Z`));
  const needed = Number.isNaN(earliest.getTime()) ? 1 : utcMonday.count(earliest, lastWeek) + 1;
  const weeks = Math.max(1, Math.min(size.weeks, needed));
  const first = utcMonday.offset(lastWeek, 1 - weeks);
  const byDay = new Map(days.map((day) => [day.day, day]));
  const shown = utcDay.range(first, utcDay.offset(end, 1));
  const totals = shown.map((date) => byDay.get(dayKey(date)) ?? { day: dayKey(date), total: 0, failed: 0 });
  const most = max(totals, ({ total }) => total) ?? 0;
  const cellWidth = size.width / weeks;
  const cells = totals.map((day, index) => ({
    ...day,
    x: round(Math.floor(index / 7) * cellWidth),
    y: (index % 7) * size.rowHeight,
    level: levelOf(day.total, most),
  }));
  return {
    cells,
    cellWidth: round(cellWidth),
    rowHeight: size.rowHeight,
    months: monthLabels(shown, cellWidth),
    weeks,
    max: most,
  };
}

/** How busy a day was against the busiest: 0 for nothing, else 1 to 4; by square root, so that quiet days differ too. */
function levelOf(total: number, most: number): CalendarCell['level'] {
  if (!(total > 0) || !(most > 0)) return 0;
  return Math.min(4, Math.ceil(4 * Math.sqrt(total / most))) as CalendarCell['level'];
}

/** A label at the first whole week of a month, where the one before leaves room. */
function monthLabels(dates: Date[], cellWidth: number): { label: string; x: number }[] {
  const labels: { label: string; x: number; week: number }[] = [];
  dates.forEach((date, index) => {
    const week = Math.floor(index / 7);
    const starts = date.getUTCDate() === 1 || index === 0;
    const room = labels.length === 0 || week - (labels[labels.length - 1]?.week ?? 0) >= 3;
    if (!starts) return;
    if (!room) labels.pop();
    labels.push({ label: formatMonth(date.getTime() * 1000), x: round(week * cellWidth), week });
  });
  return labels.map(({ label, x }) => ({ label, x }));
}

function dayKey(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
