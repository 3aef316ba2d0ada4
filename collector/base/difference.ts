import { isObject, type JsonObject, type JsonValue } from './json.ts';

/** One change between two JSON values; `path` reads as in a sentence: "git.head", "modules[3]". */
export interface Difference {
  kind: 'added' | 'removed' | 'changed';
  path: string;
  before: JsonValue | undefined;
  after: JsonValue | undefined;
  /** How much that is, where it can be said: "+3 (+1.6 %)". */
  amount: string | undefined;
}

/** Deeper parts are compared as text, so that hostile nesting cannot exhaust the stack. */
const maxDepth = 200;

const identityKeys = ['id', 'pid', 'name', 'key', 'path'];

/**
 * The structural difference of two JSON values, in the order of the older one. Lists of objects that share an
 * identity key (id, pid, name, key or path) are compared by it, other lists by their longest common subsequence.
 */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): Difference[] {
  const found: Difference[] = [];
  compare(before, after, '', 0, found);
  return found;
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  depth: number,
  found: Difference[],
): void {
  if (before === after) return;
  if (before === undefined || after === undefined) {
    found.push({ kind: before === undefined ? 'added' : 'removed', path, before, after, amount: undefined });
  } else if (depth < maxDepth && Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, depth, found);
  } else if (depth < maxDepth && isObject(before) && isObject(after)) {
    compareObjects(before, after, path, depth, found);
  } else if (!sameValue(before, after)) {
    found.push({ kind: 'changed', path, before, after, amount: amountOf(before, after) });
  }
}

function compareObjects(
  before: JsonObject,
  after: JsonObject,
  path: string,
  depth: number,
  found: Difference[],
): void {
  const keys = [...Object.keys(before), ...Object.keys(after).filter((key) => !Object.hasOwn(before, key))];
  for (const key of keys) {
    const inside = path === '' ? pathKey(key) : isPlainKey(key) ? `${path}.${key}` : `${path}${pathKey(key)}`;
    compare(own(before, key), own(after, key), inside, depth + 1, found);
  }
}

function compareLists(
  before: JsonValue[],
  after: JsonValue[],
  path: string,
  depth: number,
  found: Difference[],
): void {
  const identity = identityKeys.find((key) => isIdentity(before, key) && isIdentity(after, key));
  if (identity !== undefined && before.length + after.length > 0) {
    compareObjects(byIdentity(before, identity), byIdentity(after, identity), path, depth, found);
    return;
  }
  const [left, right] = [before.map((value) => canonical(value)), after.map((value) => canonical(value))];
  const kept = commonPositions(left, right);
  let [oldAt, newAt] = [0, 0];
  for (const [oldKept, newKept] of [...kept, [before.length, after.length] as const]) {
    compareStretch(
      before.slice(oldAt, oldKept),
      after.slice(newAt, newKept),
      oldAt,
      newAt,
      path,
      depth,
      found,
    );
    [oldAt, newAt] = [oldKept + 1, newKept + 1];
  }
}

/** Elements between two kept ones: pairs are changes, what is left over was added or removed. */
function compareStretch(
  gone: JsonValue[],
  come: JsonValue[],
  oldAt: number,
  newAt: number,
  path: string,
  depth: number,
  found: Difference[],
): void {
  for (let at = 0; at < Math.max(gone.length, come.length); at++) {
    const index = at < come.length ? newAt + at : oldAt + at;
    compare(gone[at], come[at], `${path}[${index}]`, depth + 1, found);
  }
}

/** Above this many pairs only the common beginning and end are kept, so that huge lists stay linear. */
const maxPairs = 250_000;

/** Positions of elements that both lists have in the same order, as many as possible. */
function commonPositions(left: string[], right: string[]): [number, number][] {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const middle = longestCommon(left.slice(start, left.length - end), right.slice(start, right.length - end));
  const positions: [number, number][] = [];
  for (let at = 0; at < start; at++) positions.push([at, at]);
  for (const [a, b] of middle) positions.push([a + start, b + start]);
  for (let at = end; at > 0; at--) positions.push([left.length - at, right.length - at]);
  return positions;
}

/** The longest common subsequence by the classic table; empty where the table would be too large. */
function longestCommon(left: string[], right: string[]): [number, number][] {
  const width = right.length + 1;
  if (left.length * right.length === 0 || left.length * right.length > maxPairs) return [];
  const table = new Uint32Array((left.length + 1) * width);
  for (let a = left.length - 1; a >= 0; a--) {
    for (let b = right.length - 1; b >= 0; b--) {
      table[a * width + b] =
        left[a] === right[b]
          ? table[(a + 1) * width + b + 1]! + 1
          : Math.max(table[(a + 1) * width + b]!, table[a * width + b + 1]!);
    }
  }
  const positions: [number, number][] = [];
  for (let a = 0, b = 0; a < left.length && b < right.length; ) {
    if (left[a] === right[b]) positions.push([a++, b++]);
    else if (table[(a + 1) * width + b]! >= table[a * width + b + 1]!) a++;
    else b++;
  }
  return positions;
}

/** Whether every element is an object whose `key` is a text or number of its own. */
function isIdentity(list: JsonValue[], key: string): boolean {
  const seen = new Set<string>();
  for (const element of list) {
    const value = isObject(element) ? own(element, key) : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    seen.add(String(value));
  }
  return seen.size === list.length;
}

function byIdentity(list: JsonValue[], key: string): JsonObject {
  const map: JsonObject = Object.create(null);
  for (const element of list) map[String((element as JsonObject)[key])] = element;
  return map;
}

function sameValue(before: JsonValue, after: JsonValue): boolean {
  if (before === after) return true;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return false;
  return canonical(before) === canonical(after);
}

/** Text that is equal for equal values whatever the order of their keys; too deep values compare as their own kind. */
function canonical(value: JsonValue, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth > maxDepth * 2) return '"…"';
  if (Array.isArray(value)) return `[${value.map((element) => canonical(element, depth + 1)).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!, depth + 1)}`).join(',')}}`;
}

function amountOf(before: JsonValue, after: JsonValue): string | undefined {
  if (typeof before !== 'number' || typeof after !== 'number') return undefined;
  const change = after - before;
  const sign = change > 0 ? '+' : '\u2212';
  const size = `${sign}${trimmed(Math.abs(change))}`;
  if (before === 0) return size;
  const percent = Math.abs(change / before) * 100;
  return `${size} (${sign}${percent >= 100 ? Math.round(percent) : trimmed(percent, 2)} %)`;
}

/** A number without noise: at most six significant digits, no trailing zeros. */
function trimmed(value: number, significant = 6): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(significant)));
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isPlainKey(key: string): boolean {
  return /^[\p{L}\p{N}_$-]+$/u.test(key);
}

function pathKey(key: string): string {
  return isPlainKey(key) ? key : `[${JSON.stringify(key)}]`;
}
