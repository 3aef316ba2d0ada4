import { isObject, type JsonObject, type JsonValue, jsonText } from '../browser.ts';

const maxDepth = 8;
const names = new Set(['snapshot_id', 'snapshot_type', 'timestamp']);

/** What is called for each leaf of a state, with the section it lies in. */
export type LeafVisitor = (section: string, path: string, value: JsonValue) => void;

/**
 * Visits every leaf of a state except what names the snapshot itself. A list is one leaf: its elements have no place of
 * their own that would last; so is what lies too deep, and an object without fields.
 */
export function visitLeaves(content: JsonObject, visit: LeafVisitor): void {
  for (const key in content) if (!names.has(key)) descend(key, joinPath('', key), content[key]!, 0, visit);
}

function descend(section: string, path: string, value: JsonValue, depth: number, visit: LeafVisitor): void {
  if (isObject(value) && depth < maxDepth && Object.keys(value).length > 0) {
    for (const key in value) descend(section, joinPath(path, key), value[key]!, depth + 1, visit);
    return;
  }
  visit(section, path, value);
}

/** Paths as differences write them: "git.head", "modules[\"a b\"]". */
function joinPath(path: string, key: string): string {
  if (!/^[\p{L}\p{N}_$-]+$/u.test(key)) return `${path}[${jsonText(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
