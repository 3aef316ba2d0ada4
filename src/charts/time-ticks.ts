import { scaleLinear, utcDay, utcTicks } from 'd3';
import { formatClock, formatDay, formatMonth, formatTime } from '../../collector/base/format/time.ts';

/** A labelled instant on a time axis. */
export interface TimeTick {
  us: number;
  x: number;
  label: string;
}

/** About `count` round instants within a range, labelled as finely as needed: "06:00", "06:00:15", "Nov 20", "Nov", "2025". */
export function timeTicks(fromUs: number, toUs: number, count: number, width: number): TimeTick[] {
  if (!(fromUs < toUs)) return [];
  const place = scaleLinear([fromUs, toUs], [0, width]);
  const dates = utcTicks(new Date(fromUs / 1000), new Date(toUs / 1000), count);
  const years =
    dates.length > 0 && dates.every((date) => date.getUTCMonth() === 0 && date.getUTCDate() === 1);
  const crosses = new Date(fromUs / 1000).getUTCFullYear() !== new Date(toUs / 1000 - 1).getUTCFullYear();
  const seconds = dates.some((date) => date.getTime() % 60_000 !== 0);
  const parts = dates.some((date) => date.getTime() % 1000 !== 0);
  return dates.map((date) => {
    const us = date.getTime() * 1000;
    const text = seconds
      ? `${formatTime(us).slice(11)}${parts ? date.toISOString().slice(19, 23) : ''}`
      : label(date, us, years, crosses);
    return { us, x: Math.round(place(us) * 1000) / 1000, label: text };
  });
}

function label(date: Date, us: number, years: boolean, crosses: boolean): string {
  if (years) return String(date.getUTCFullYear());
  if (utcDay.floor(date).getTime() !== date.getTime()) return formatClock(us);
  if (date.getUTCDate() === 1 && crosses) return `${formatMonth(us)} ${date.getUTCFullYear()}`;
  return formatDay(us, us);
}
