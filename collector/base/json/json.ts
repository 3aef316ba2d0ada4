import { type ExactNumber, isExactNumber } from './exact-number.ts';

/** Any JSON value. Numbers that a JavaScript number would not give back as they were written are an ExactNumber. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Whether a value is a JSON object: not null, not an array, not a number with characters of its own. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Whether a value has members: an object or a list. */
export function hasMembers(value: unknown): value is JsonObject | JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}
