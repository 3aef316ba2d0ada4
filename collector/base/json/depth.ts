import { hasMembers, type JsonValue } from './json.ts';

/** How deep recorded values may be nested: far more than people write, far less than what exhausts a stack. */
export const maxJsonDepth = 500;

/** Whether a value is nested deeper than recorded values may be, whatever its depth. */
export function isTooDeep(value: JsonValue): boolean {
  // Level by level instead of by recursion, which no depth can exhaust.
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxJsonDepth) return true;
    const next: JsonValue[] = [];
    for (const element of level) {
      if (!hasMembers(element)) continue;
      for (const member of Array.isArray(element) ? element : Object.values(element)) {
        if (hasMembers(member)) next.push(member);
      }
    }
    level = next;
  }
  return false;
}
