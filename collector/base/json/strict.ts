import { DaybookError } from '../errors.ts';
import { maxJsonDepth } from './depth.ts';
import { ExactNumber, exactNumber, isExactNumber } from './exact-number.ts';
import type { JsonValue } from './json.ts';
import { parseJson } from './text.ts';

/**
 * Makes sure a value survives as JSON: NaN and the infinities become texts (JSON has none), `undefined` members are
 * left out, dates become ISO texts, bigints and -0 keep their characters, typed values that JSON would lose are refused.
 * Returns the same object where nothing had to change.
 * @throws DaybookError `bad-input` naming the JSON path.
 */
export function toJson(value: unknown, what = 'details'): JsonValue {
  return isPlainJson(value, 0) ? (value as JsonValue) : convert(value, what, 0);
}

function isPlainJson(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || depth > maxJsonDepth) return false;
  if (isExactNumber(value)) return true;
  if (Array.isArray(value)) {
    for (const element of value) if (!isPlainJson(element, depth + 1)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return false;
  for (const key of Object.keys(value)) {
    if (!isPlainJson((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

function convert(value: unknown, path: string, depth: number): JsonValue {
  if (depth > maxJsonDepth) {
    throw refused(
      path,
      `is nested deeper than ${maxJsonDepth} levels`,
      'Flatten the value, or record it as text.',
    );
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return new ExactNumber('-0.0');
  if (typeof value === 'bigint') return exactNumber(String(value));
  if (isExactNumber(value)) return value;
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'number'
  ) {
    return value;
  }
  if (value === undefined) return null;
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw refused(
      path,
      `is a ${typeof value}, which JSON cannot hold`,
      'Convert it to a text or a number first.',
    );
  }
  const raw = (value as { rawJSON?: unknown }).rawJSON;
  if (typeof raw === 'string' && isRawJson(value)) return parseJson(raw);
  if (value instanceof Error) return { name: value.name, message: value.message };
  const given = value as { toJSON?: () => unknown };
  if (typeof given.toJSON === 'function') return convert(given.toJSON(), path, depth + 1);
  if (Array.isArray(value)) return value.map((element, at) => convert(element, `${path}[${at}]`, depth + 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [String(key), convert(member, `${path}.${String(key)}`, depth + 1)]),
  );
}

/** What JSON.rawJSON made. */
const isRawJson = (value: unknown) =>
  (JSON as unknown as { isRawJSON?(value: unknown): boolean }).isRawJSON?.(value) === true;

function refused(path: string, what: string, hint: string): DaybookError {
  const shown = path.length > 120 ? `${path.slice(0, 117)}…` : path;
  return new DaybookError('bad-input', `${shown} ${what}.`, { where: shown, hint });
}
