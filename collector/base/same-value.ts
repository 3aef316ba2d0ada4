import { type ExactNumber, isExactNumber, isSameNumber } from './json/exact-number.ts';
import { hasMembers, type JsonObject, type JsonValue } from './json/json.ts';

/** Whether two JSON values are equal, whatever the order of their keys; stops at the first difference, at any depth. */
export function isSameValue(one: JsonValue, other: JsonValue): boolean {
  const open: [JsonValue, JsonValue][] = [[one, other]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (!hasMembers(left) || !hasMembers(right)) {
      if (isSameSimple(left, right)) continue;
      return false;
    }
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    if (!openMembers(left, right, open)) return false;
  }
  return true;
}

/** Adds the members of both to what is still to be compared; false where they do not have the same ones. */
function openMembers(left: object, right: object, open: [JsonValue, JsonValue][]): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return false;
    const [a, b] = [(left as JsonObject)[key]!, (right as JsonObject)[key]!];
    if (a === b) continue;
    if (typeof a !== 'object' && typeof b !== 'object') return false;
    open.push([a, b]);
  }
  return true;
}

function isSameSimple(left: JsonValue, right: JsonValue): boolean {
  return isNumber(left) && isNumber(right) && isSameNumber(left, right);
}

const isNumber = (value: JsonValue): value is number | ExactNumber =>
  typeof value === 'number' || isExactNumber(value);
