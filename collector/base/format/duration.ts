import { plural } from './words.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

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

function twoUnits(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  return rest === 0
    ? `${Math.floor(total / base)} ${large}`
    : `${Math.floor(total / base)} ${large} ${rest} ${small}`;
}
