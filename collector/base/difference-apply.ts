import type { PlacedDifference } from './difference.ts';
import { type ChangeNode, changeTree } from './difference-tree.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';

/**
 * The newer value, made from the older one and the differences between them. The older one stays as it is; parts that
 * did not change are shared with it.
 */
export function applyDifferences(
  before: JsonValue | undefined,
  found: readonly PlacedDifference[],
): JsonValue | undefined {
  return applyNode(before, changeTree(found));
}

function applyNode(value: JsonValue | undefined, node: ChangeNode): JsonValue | undefined {
  if (node.replaced !== undefined) return node.replaced.by;
  if (Array.isArray(value)) return applyToList(value, node);
  return isObject(value) ? applyToObject(value, node) : value;
}

function applyToObject(before: JsonObject, node: ChangeNode): JsonObject {
  const gone = new Set(node.removed);
  const after: JsonObject = {};
  for (const key of Object.keys(before)) {
    if (gone.has(key)) continue;
    const below = node.below.get(key);
    setOwn(after, key, below === undefined ? before[key]! : applyNode(before[key], below)!);
  }
  for (const [key, value] of node.added) setOwn(after, String(key), value);
  return after;
}

/** Everything that did not go or move keeps its order and fills the places that nothing else took. */
function applyToList(before: JsonValue[], node: ChangeNode): JsonValue[] {
  const elements = before.map((value, at) => {
    const below = node.below.get(at);
    return below === undefined ? value : applyNode(value, below)!;
  });
  const gone = new Set<string | number>(node.removed);
  const taken = new Map<number, JsonValue>();
  for (const [at, value] of node.added) taken.set(Number(at), value);
  for (const { from, to } of node.moves) {
    gone.add(from);
    taken.set(to, elements[from]!);
  }
  const kept = elements.filter((_, at) => !gone.has(at));
  const length = kept.length + taken.size;
  let next = 0;
  return Array.from({ length }, (_, at) => (taken.has(at) ? taken.get(at)! : kept[next++]!));
}

/** "__proto__" is a name like any other. */
function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
