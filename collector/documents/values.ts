import type { JsonObject, JsonValue } from '../base/json/json.ts';
import { utcText } from '../base/time.ts';

/** An object without the members that are undefined. */
export function definedOnly(members: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Metrics by name. JSON has no NaN and no infinities: they stand as texts. */
export function metricsJson(metrics: Record<string, number>): JsonObject {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
}

/** RFC 3339 in UTC; undefined where there is no time, or one that such a text cannot hold. */
export function rfc3339(us: number | undefined): string | undefined {
  if (us === undefined || !Number.isFinite(us)) return undefined;
  const date = new Date(Math.floor(us / 1000));
  const year = date.getUTCFullYear();
  return Number.isNaN(year) || year < 0 || year > 9999 ? undefined : utcText(date);
}

/** Nanoseconds since 1970, as the text that OpenTelemetry's JSON has. */
export const nanoseconds = (us: number) => `${BigInt(Math.round(us)) * 1000n}`;
