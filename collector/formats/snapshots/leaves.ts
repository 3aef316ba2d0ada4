import { hasMembers, isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { formatPath, identityKeyOf } from '../../base/json/path.ts';
import { sectionsOf } from './periodic.ts';

/** Visits every single value of a snapshot with its path; elements of lists are named by their identity where all have one. */
export function visitSnapshotLeaves(
  content: JsonObject,
  visit: (path: string, leaf: JsonValue) => void,
): void {
  for (const [section, value] of sectionsOf(content)) walk(value, [section], visit);
}

function walk(
  value: JsonValue,
  place: (string | number)[],
  visit: (path: string, leaf: JsonValue) => void,
): void {
  if (Array.isArray(value) && value.length > 0) {
    const identity = identityKeyOf(value);
    for (const [at, element] of value.entries()) {
      const step = identity === undefined ? at : String((element as JsonObject)[identity]);
      walk(element, [...place, step], visit);
    }
  } else if (isObject(value) && hasMembers(value)) {
    for (const [name, each] of Object.entries(value)) walk(each, [...place, name], visit);
  } else visit(formatPath(place), value);
}

/** A step of a path as it names leaves: elements of lists by their identity alone, "core" for "name=core". */
export function identityOf(step: string | number): string | number {
  const selected = typeof step === 'string' ? /^[^=]+=(.*)$/s.exec(step)?.[1] : undefined;
  return selected ?? step;
}
