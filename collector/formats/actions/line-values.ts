import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { parseTime } from '../../base/time.ts';
import type { ActionSource } from './action.ts';

/** How long an action took, as people write durations: duration_ms, duration_seconds, or a text with a unit ("2.3s"). */
export function durationOf(action: JsonObject, details: JsonValue): number | undefined {
  const own = numberIn(action['duration_ms']);
  if (own !== undefined || !isObject(details)) return own;
  const given = numberIn(details['duration_ms']);
  if (given !== undefined) return given;
  const seconds = numberIn(details['duration_seconds']);
  if (seconds !== undefined) return seconds * 1000;
  const written = details['duration'];
  const match = typeof written === 'string' ? /^\s*([\d.]+)\s*(ms|s|m|min|h)\s*$/.exec(written) : null;
  const ms =
    match === null ? Number.NaN : Number(match[1]) * millisecondsOf[match[2] as keyof typeof millisecondsOf];
  return Number.isFinite(ms) ? ms : undefined;
}

const millisecondsOf = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Milliseconds between two times, where the second one is not the earlier. */
export function between(startUs: number | undefined, endUs: number | undefined): number | undefined {
  return startUs === undefined || endUs === undefined || endUs < startUs
    ? undefined
    : (endUs - startUs) / 1000;
}

/** The time that a value is, if it is one. */
export function timeOf(value: JsonValue | undefined): ReturnType<typeof parseTime> {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

/** Who wrote a line, of what it says. */
export function sourceOf(value: JsonObject): ActionSource {
  const source: ActionSource = {};
  const pid = numberIn(value['pid']);
  if (pid !== undefined) source.pid = pid;
  for (const field of ['host', 'ci', 'url', 'commit', 'branch', 'action', 'import', 'from'] as const) {
    const text = value[field];
    if (typeof text === 'string') source[field] = text;
  }
  return source;
}

/** A value as text; none is empty. */
export function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : jsonText(value);
}

/** A value as text, undefined for none and for an empty one. */
export function textOrNone(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : textOf(value);
}
