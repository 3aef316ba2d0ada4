/** A moment read from text. */
export interface ParsedTime {
  /** Microseconds since 1970 UTC. */
  us: number;
  /** True where the text named no zone; it was taken as UTC. */
  zoneless: boolean;
}

const isoLike =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Reads an ISO-like time ("2025-12-22T02:20:57.454420Z", "2026-01-01 10:00", "2026-01-01T10:00:00+02:00").
 * Returns undefined for anything else, and for days and hours that do not exist.
 */
export function parseTime(text: string): ParsedTime | undefined {
  if (text.length === 27 && text.charCodeAt(26) === 90 /* Z */) {
    const us = parseCanonical(text);
    if (us !== undefined) return { us, zoneless: false };
  }
  const match = isoLike.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const us = fromParts(+year!, +month!, +day!, +hour, +minute, +second, +fraction.slice(0, 6).padEnd(6, '0'));
  if (us === undefined) return undefined;
  return { us: us - zoneOffsetMinutes(zone) * 60e6, zoneless: zone === undefined };
}

/** Whether a number of microseconds is a moment that can be written: of the years 1 to 9999. */
export function isTime(us: number): boolean {
  return us >= -62_135_596_800e6 && us < 253_402_300_800e6;
}

/** The canonical text of a moment: "2025-12-22T02:20:57.454420Z". */
export function isoMicros(us: number): string {
  const seconds = Math.floor(us / 1e6);
  return `${isoSecond(seconds)}.${String(us - seconds * 1e6).padStart(6, '0')}Z`;
}

/** A moment as it stands in ids: "20251222_022057_454420". */
export function compactTime(us: number): string {
  const iso = isoMicros(us);
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}_${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}_${iso.slice(20, 26)}`;
}

let lastSecond = Number.NaN;
let lastSecondText = '';

/** "2025-12-22T02:20:57"; kept for the next call, because writers and readers stay within a second for long. */
function isoSecond(seconds: number): string {
  if (seconds !== lastSecond) {
    lastSecondText = utcText(new Date(seconds * 1000)).slice(0, 19);
    lastSecond = seconds;
  }
  return lastSecondText;
}

/**
 * What toISOString gives. That one asks for the zone of this machine on its first call, which
 * costs a short command more than all its times together.
 */
export function utcText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return date.toISOString();
  const day = `${String(year).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day}T${clock}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`;
}

/** The fixed-width form nearly every line has, read digit by digit because a million lines wait for it. */
function parseCanonical(text: string): number | undefined {
  if (
    text[4] !== '-' ||
    text[7] !== '-' ||
    text[10] !== 'T' ||
    text[13] !== ':' ||
    text[16] !== ':' ||
    text[19] !== '.'
  ) {
    return undefined;
  }
  const micros = digits(text, 20, 6);
  return fromParts(
    digits(text, 0, 4),
    digits(text, 5, 2),
    digits(text, 8, 2),
    digits(text, 11, 2),
    digits(text, 14, 2),
    digits(text, 17, 2),
    micros,
  );
}

function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

let lastDay = 0;
let lastDayMs = 0;

function fromParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  micros: number,
): number | undefined {
  const known = (year * 100 + month) * 100 + day;
  if (known !== lastDay) {
    const ms = Date.UTC(year, month - 1, day);
    const date = new Date(ms);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 100) return undefined;
    lastDay = known;
    lastDayMs = ms;
  }
  if (!(hour <= 23 && minute <= 59 && second <= 60 && micros >= 0)) return undefined;
  return (lastDayMs + ((hour * 60 + minute) * 60 + second) * 1000) * 1000 + micros;
}

function zoneOffsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const bare = zone.slice(1).replace(':', '');
  return sign * (Number(bare.slice(0, 2)) * 60 + Number(bare.slice(2) || 0));
}
