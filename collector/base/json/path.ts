import { isExactNumber } from './exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { jsonText, parsePlainJson } from './text.ts';

/** Where something stands in a JSON value, from the outside in: names of fields and positions in lists. */
export type Place = readonly (string | number)[];

/** A place as in a sentence: "git.head", "modules[3].name", `["a b"].c`; "" is the whole value. */
export function formatPath(place: Place): string {
  let path = '';
  for (const step of place) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (!isPlainKey(step)) path += `[${jsonText(step)}]`;
    else path += path === '' ? step : `.${step}`;
  }
  return path;
}

/**
 * The steps of a path as formatPath writes it; a leading "$" or "." may be there. Inside brackets stand a position, a
 * text in double quotes, or a name with its value ("modules[name=core]", one step "name=core"). Undefined where the text
 * is no path.
 */
export function parsePath(text: string): Place | undefined {
  const steps: (string | number)[] = [];
  const next =
    /\.?([\p{L}\p{N}_$-][\p{L}\p{N}_$:/@ -]*)|\[(?:(\d+)|("(?:[^"\\]|\\.)*")|([^[\]"=]+=[^\]]*))\]/uy;
  const start = text.startsWith('$') && /^\$($|[.[])/.test(text) ? 1 : 0;
  next.lastIndex = text.startsWith('.') ? start + 1 : start;
  while (next.lastIndex < text.length) {
    const match = next.exec(text);
    if (match === null) return undefined;
    const [, plain, position, quoted, selector] = match;
    if (position !== undefined) steps.push(Number(position));
    else steps.push(quoted === undefined ? (plain ?? selector!) : unquote(quoted));
  }
  return steps;
}

function unquote(text: string): string {
  try {
    return parsePlainJson(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/**
 * What stands at a place; undefined where there is nothing. In a list a name is the element with that identity ("db" of
 * `modules.db`), "key=value" the first element that has this value, a number its position.
 */
export function valueAt(value: JsonValue, place: Place): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const step of place) {
    if (Array.isArray(found)) found = elementAt(found, step);
    else if (isObject(found)) found = ownValue(found, String(step));
    else return undefined;
  }
  return found;
}

function elementAt(list: JsonValue[], step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return list[step];
  const key = identityKeyOf(list);
  const named = key === undefined ? undefined : list.find((one) => String((one as JsonObject)[key]) === step);
  if (named !== undefined) return named;
  const equals = step.indexOf('=');
  if (equals > 0) {
    const [wanted, value] = [step.slice(0, equals), step.slice(equals + 1)];
    return list.find((one) => isObject(one) && String(ownValue(one, wanted)) === value);
  }
  return /^\d+$/.test(step) ? list[Number(step)] : undefined;
}

const identityKeys = ['id', 'pid', 'name', 'key', 'path'];

/** The field by which all objects of these lists can be told apart: the first of id, pid, name, key and path. */
export function identityKeyOf(...lists: JsonValue[][]): string | undefined {
  return identityKeys.find((key) => lists.every((list) => isIdentity(list, key)));
}

/** Whether every element is an object whose `key` is a text or number of its own. */
function isIdentity(list: JsonValue[], key: string): boolean {
  const seen = new Set<string>();
  for (const element of list) {
    const value = isObject(element) ? ownValue(element, key) : undefined;
    if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) return false;
    seen.add(String(value));
  }
  return seen.size === list.length;
}

/** A field of an object itself, never one that all objects have. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isPlainKey(key: string): boolean {
  return /^[\p{L}\p{N}_$-]+$/u.test(key) && key !== '$';
}
