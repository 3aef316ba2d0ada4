import { utcText } from '../time.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A time in the one form of all tables, always UTC: "2026-11-20 16:18:05"; "no time" where there is none. */
export function formatTime(us: number | undefined): string {
  const iso = us === undefined ? undefined : isoTime(us);
  return iso === undefined ? 'no time' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** A time for sentences and narrow places: "Nov 20, 16:18"; with the year where it is not `nowUs`'s. */
export function formatMoment(us: number, nowUs: number): string {
  const iso = isoTime(us);
  return iso === undefined ? 'no time' : `${formatDay(us, nowUs)}, ${iso.slice(11, 16)}`;
}

/** A day: "Nov 20", or "Nov 20, 2025" where the year is not `nowUs`'s. */
export function formatDay(us: number, nowUs?: number): string {
  const date = dateOf(us);
  if (date === undefined) return 'no time';
  const text = `${months[date.getUTCMonth()]} ${date.getUTCDate()}`;
  const year = date.getUTCFullYear();
  return nowUs !== undefined && dateOf(nowUs)?.getUTCFullYear() === year ? text : `${text}, ${year}`;
}

/** A day of a week chart: "Sat 14". */
export function formatWeekday(us: number): string {
  const date = dateOf(us);
  return date === undefined ? 'no time' : `${weekdays[date.getUTCDay()]} ${date.getUTCDate()}`;
}

/** The month alone: "Nov". */
export function formatMonth(us: number): string {
  const date = dateOf(us);
  return date === undefined ? '' : (months[date.getUTCMonth()] ?? '');
}

/** The time of day: "16:18". */
export function formatClock(us: number): string {
  return isoTime(us)?.slice(11, 16) ?? 'no time';
}

/** The value of a `datetime` attribute, to the millisecond; undefined where there is no time. */
export function isoTime(us: number): string | undefined {
  const date = dateOf(us);
  return date && utcText(date);
}

function dateOf(us: number): Date | undefined {
  const date = new Date(us / 1000);
  const time = date.getTime();
  return Number.isNaN(time) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999 ? undefined : date;
}
