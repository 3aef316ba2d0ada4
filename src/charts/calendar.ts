import { max, quantile, utcDay, utcMonday } from 'd3';
import { formatMonth } from '../../collector/base/format/time.ts';

/** What one day of the calendar holds. */
export interface DayTotal {
  /** "2026-11-20" */
  day: string;
  total: number;
  failed: number;
}

/** What a day holds, and how busy it was beside the others that are shown (0 to 4). */
export interface LevelledDay extends DayTotal {
  level: 0 | 1 | 2 | 3 | 4;
}

/** One day: its place, how busy it was, and what it holds. */
export interface CalendarCell extends LevelledDay {
  x: number;
  y: number;
}

/** A calendar of weeks side by side, Monday on top; x and `cellWidth` in the units of `size.width`. */
export interface Calendar {
  cells: CalendarCell[];
  cellWidth: number;
  rowHeight: number;
  months: { label: string; x: number }[];
  max: number;
}

/** The weeks up to the one that holds `endUs`; every day is there, also those without anything. */
export function calendar(
  days: DayTotal[],
  endUs: number,
  size: { width: number; rowHeight: number; weeks: number },
): Calendar {
  const end = utcDay.floor(new Date(endUs / 1000));
  const first = utcMonday.offset(utcMonday.floor(end), 1 - size.weeks);
  const shown = utcDay.range(first, utcDay.offset(end, 1));
  const cellWidth = size.width / size.weeks;
  const cells = levelled(days, shown).map(({ level, ...day }, index) => ({
    ...day,
    x: round(Math.floor(index / 7) * cellWidth),
    y: (index % 7) * size.rowHeight,
    level,
  }));
  return {
    cells,
    cellWidth: round(cellWidth),
    rowHeight: size.rowHeight,
    months: monthLabels(shown, cellWidth),
    max: max(cells, ({ total }) => total) ?? 0,
  };
}

/** So many days up to the one that holds `endUs`, in a row; every day is there. */
export function dayStrip(days: readonly DayTotal[], endUs: number, count: number): LevelledDay[] {
  const end = utcDay.floor(new Date(endUs / 1000));
  return levelled(days, utcDay.range(utcDay.offset(end, 1 - count), utcDay.offset(end, 1)));
}

function levelled(days: readonly DayTotal[], shown: Date[]): LevelledDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const totals = shown.map((date) => byDay.get(dayKey(date)) ?? { day: dayKey(date), total: 0, failed: 0 });
  const busy = totals.map(({ total }) => total).filter((total) => total > 0);
  const usual = quantile(busy, 0.95) ?? 0;
  return totals.map((day) => ({ ...day, level: levelOf(day.total, usual) }));
}

/** How busy a day was against a busy one: 0 for nothing, else 1 to 4. */
function levelOf(total: number, usual: number): LevelledDay['level'] {
  if (!(total > 0) || !(usual > 0)) return 0;
  return Math.min(4, Math.ceil((4 * total) / usual)) as LevelledDay['level'];
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
