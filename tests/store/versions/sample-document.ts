import type { JsonValue } from '../../../collector/base/json/json.ts';

/** A document of some size of which a delta is small. */
export function document(n: number): JsonValue {
  const users = Object.fromEntries(
    Array.from({ length: 40 }, (_, k) => [`u${k}`, { n: k, v: k === n % 40 ? n : k / 3 }]),
  );
  return { n, users, list: Array.from({ length: n % 7 }, (_, at) => at) };
}
