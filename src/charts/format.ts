const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A time in the one form of all tables, always UTC: "2026-11-20 16:18:05". */
export function formatTime(us: number): string {
  const iso = isoTime(us);
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
  return dateOf(us)?.toISOString();
}

/** A measured duration with its unit: "850 ms", "12.4 s", "4 min 12 s", "3 h 20 min", "5 d 4 h". */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '';
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < hourMs) return twoUnits(Math.round(ms / 1000), 60, 'min', 's');
  if (ms < dayMs) return twoUnits(Math.round(ms / minuteMs), 60, 'h', 'min');
  return twoUnits(Math.round(ms / hourMs), 24, 'd', 'h');
}

/** A stretch of time as a person says it: "12 minutes", "3 days", "11 months". */
export function formatSpan(ms: number): string {
  if (!Number.isFinite(ms)) return 'an unknown time';
  const units: [number, string][] = [
    [365.25 * dayMs, 'year'],
    [30.44 * dayMs, 'month'],
    [dayMs, 'day'],
    [hourMs, 'hour'],
    [minuteMs, 'minute'],
    [1000, 'second'],
  ];
  const whole = Math.abs(ms);
  for (const [size, name] of units) {
    const enough = name === 'day' || name === 'month' ? 2 : 1;
    if (whole >= size * enough) return plural(Math.floor(whole / size + 1e-9), name);
  }
  return 'a moment';
}

/** How long ago or ahead: "12 minutes ago", "in 3 hours", "just now". */
export function formatRelative(us: number, nowUs: number): string {
  const ms = (nowUs - us) / 1000;
  if (!Number.isFinite(ms)) return '';
  if (Math.abs(ms) < 5000) return 'just now';
  return ms > 0 ? `${formatSpan(ms)} ago` : `in ${formatSpan(ms)}`;
}

/** A size with its unit, in powers of ten: "812 B", "4.71 MB", "81.2 GB". */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return '';
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = 0;
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A count with thousands set apart: "4,127". */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',') : '';
}

/** A share in per cent, never rounded up to a whole it is not: "96.4 %", "99.9 %", "100 %". */
export function formatShare(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return '';
  const tenths = Math.floor((part / whole) * 1000 + 1e-9);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** A count and its noun: "1 snapshot", "12 snapshots". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

const numberWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A count in a sentence, small ones as words: "one snapshot", "nine snapshots", "12 snapshots". */
export function inWords(count: number, noun: string, nouns = `${noun}s`): string {
  return `${numberWords[count] ?? formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** The sentence with its first letter raised. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Beginning and end of a text that is too long for its place: "action_2025122…454420". */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...(text.length > 4 * most ? text.slice(0, 2 * most) + text.slice(-2 * most) : text)];
  if (letters.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
}

function twoUnits(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  return rest === 0
    ? `${Math.floor(total / base)} ${large}`
    : `${Math.floor(total / base)} ${large} ${rest} ${small}`;
}

function dateOf(us: number): Date | undefined {
  const date = new Date(us / 1000);
  const time = date.getTime();
  return Number.isNaN(time) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999 ? undefined : date;
}
