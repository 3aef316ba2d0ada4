import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';

/** Digits of a number since 1970 that tells seconds, milliseconds, microseconds or nanoseconds: anything from 2001 to 2286. */
const scales = [
  [1e9, 1e10, 1e6],
  [1e12, 1e13, 1e3],
  [1e15, 1e16, 1],
  [1e18, 1e19, 1e-3],
] as const;

/** Microseconds since 1970 of a time as people write it: text with or without zone, or a number whose size tells its unit. */
export function timeUs(value: JsonValue | undefined): number | undefined {
  const digits = typeof value === 'string' ? /^(?:epoch:)?(\d+(?:\.\d+)?)$/.exec(value)?.[1] : undefined;
  if (typeof value === 'string' && digits === undefined) return parseTime(value)?.us ?? datedUs(value);
  if (digits !== undefined && /^\d{19}$/.test(digits)) return Number(BigInt(digits) / 1000n);
  const number = digits === undefined ? numberIn(value) : Number(digits);
  if (number === undefined) return undefined;
  const scale = scales.find(([least, most]) => number >= least && number < most);
  return scale === undefined ? undefined : Math.round(number * scale[2]);
}

/** "Mon Dec  8 09:15:00 UTC 2025" and "Mon, 08 Dec 2025 09:15:00 GMT"; nothing that leaves the year or the time open. */
function datedUs(text: string): number | undefined {
  if (!/\d{4}/.test(text) || !/\d\d:\d\d/.test(text)) return undefined;
  const ms = Date.parse(/[A-Z]{3,4}|[+-]\d{4}/.test(text.slice(8)) ? text : `${text} UTC`);
  return Number.isNaN(ms) ? undefined : ms * 1000;
}

/** A text that says something. */
export function textIn(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  const number = numberIn(value);
  if (number !== undefined) return String(number);
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** The value at a path such as "payload.status"; a member that has the whole path for its name comes first. */
export function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(object, path)) return object[path];
  let value: JsonValue | undefined = object;
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The objects in a list; everything else in it is left out. */
export function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The first so many characters of a text, with the whole length behind them. */
export function previewOf(text: string, most = 500): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
