import { type ChangeObject, diffArrays } from 'diff';
import { applyPatch, createPatch, type Operation, type Pointer } from 'rfc6902';
import { type ExactNumber, isExactNumber } from '../base/exact-number.ts';
import { hasMembers, isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { holdsExactNumbers, jsonText, parseJson } from '../base/json-text.ts';
import { parseLenientJson } from '../base/lenient-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { VersioningError } from './version-errors.ts';

/** One changed stretch of a text: where it begins in the old lines, how many of them go, what comes instead. */
type LineEdit = [at: number, removed: number, added: string[]];

/** Larger values are stored whole: their difference would cost more than it saves. */
const longestText = 16 * 1024 * 1024;

/**
 * The text of data/<version>.patch.json: a JSON Patch (RFC 6902) between objects or lists, `{"lines": […]}` between
 * texts. Undefined where no delta leads from one value to exactly the other.
 */
export function createDelta(before: JsonValue, after: JsonValue): string | undefined {
  try {
    const delta = deltaOf(before, after);
    if (delta === undefined) return undefined;
    const text = jsonText(delta);
    // Some keys ("constructor") mean something else to the patch library: only what leads back is kept.
    const led = applyDelta(copyOf(before), text);
    return canonicalJson(led, true) === canonicalJson(after, true) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the two are not both objects or both lists: a patch cannot replace the whole. */
function jsonPatchOf(before: JsonValue, after: JsonValue): Operation[] | undefined {
  const alike = (isObject(before) && isObject(after)) || (Array.isArray(before) && Array.isArray(after));
  return alike ? createPatch(before, after, diffParts) : undefined;
}

/**
 * Leads from a value to the next; `before` is changed and must not be used any more.
 * @throws VersioningError `unreadable` where the delta is none or does not fit.
 */
export function applyDelta(before: JsonValue, text: string): JsonValue {
  const parsed = parseLenientJson(text);
  const delta = parsed.ok ? parsed.value : undefined;
  if (typeof before === 'string' && isObject(delta) && Array.isArray(delta['lines']))
    return applyLines(before, delta['lines'] as unknown as LineEdit[]);
  if (!Array.isArray(delta) || !hasMembers(before)) throw unfit('a JSON Patch');
  const operations = delta as unknown as Operation[];
  if (operations.some((each) => typeof each?.op !== 'string' || typeof each.path !== 'string'))
    throw unfit('operations with "op" and "path"');
  const failed = patch(before, operations, text).find((result) => result !== null);
  if (failed !== undefined) throw unfit(`a patch that fits (${failed.message})`);
  return before;
}

function deltaOf(before: JsonValue, after: JsonValue): unknown {
  if (typeof before === 'string' && typeof after === 'string') {
    if (before.length + after.length > 2 * longestText) return undefined;
    return { lines: lineEdits(before, after) };
  }
  return jsonPatchOf(before, after);
}

function copyOf(value: JsonValue): JsonValue {
  return typeof value === 'string' ? value : parseJson(jsonText(value));
}

function lineEdits(before: string, after: string): LineEdit[] {
  return stretches(linesOf(before), linesOf(after)).map(([at, removed, added]) => [at, removed, added]);
}

/** Lines with their endings, so that joining them gives the text back. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function applyLines(before: string, edits: LineEdit[]): string {
  const lines = linesOf(before);
  const after: string[] = [];
  let kept = 0;
  for (const [at, removed, added] of edits) {
    if (!(at >= kept && removed >= 0 && at + removed <= lines.length && Array.isArray(added)))
      throw unfit('edits within the text');
    after.push(...lines.slice(kept, at), ...added);
    kept = at + removed;
  }
  return [...after, ...lines.slice(kept)].join('');
}

/** The library compares lists in quadratic time and by recursion, and knows no exact numbers. */
function diffParts(before: unknown, after: unknown, pointer: Pointer): Operation[] | undefined {
  if (!isExactNumber(before) && !isExactNumber(after)) return diffLists(before, after, pointer);
  if (isExactNumber(before) && isExactNumber(after) && before.text === after.text) return [];
  return [{ op: 'replace', path: pointer.toString(), value: after }];
}

/** The library copies what it puts in, member by member; exact numbers pass as symbols, which it leaves alone. */
function patch(before: JsonObject | JsonValue[], operations: Operation[], text: string) {
  if (!holdsExactNumbers(text) && !operations.some(({ op }) => op === 'copy' || op === 'test'))
    return applyPatch(before, operations);
  const numbers = new Map<unknown, ExactNumber>();
  const known = new Map<string, symbol>();
  const hide = (value: unknown) => {
    if (!isExactNumber(value)) return value;
    const symbol = known.get(value.text) ?? Symbol(value.text);
    known.set(value.text, symbol);
    numbers.set(symbol, value);
    return symbol;
  };
  replaceLeaves(before, hide);
  replaceLeaves(operations, hide);
  let results: ReturnType<typeof applyPatch>;
  try {
    results = applyPatch(before, operations);
  } catch {
    // It cannot put a symbol into the words of a test that failed.
    throw unfit('a patch that fits');
  }
  replaceLeaves(before, (value) => numbers.get(value) ?? value);
  return results;
}

/** Puts another in the place of every value without members, in place. */
function replaceLeaves(root: object, other: (value: unknown) => unknown): void {
  const open = [root as Record<string, unknown>];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      if (hasMembers(value)) open.push(value as Record<string, unknown>);
      else {
        const now = other(value);
        if (now !== value) holder[key] = now;
      }
    }
  }
}

/** In proportion to what changed. */
function diffLists(before: unknown, after: unknown, pointer: Pointer): Operation[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const found: Operation[] = [];
  const texts = [before, after].map((list) => list.map((element) => jsonText(element)));
  // Operations are carried out one after the other: what stands before `shift` is already as it shall be.
  let shift = 0;
  for (const [at, removed, added] of stretches(texts[0]!, texts[1]!)) {
    const start = at + shift;
    const pairs = Math.min(removed, added.length);
    for (let n = 0; n < pairs; n++) {
      const place = pointer.add(String(start + n));
      for (const operation of replacing(before[at + n], after[start + n], place)) found.push(operation);
    }
    for (let n = pairs; n < removed; n++)
      found.push({ op: 'remove', path: pointer.add(String(start + pairs)).toString() });
    for (let n = pairs; n < added.length; n++)
      found.push({ op: 'add', path: pointer.add(String(start + n)).toString(), value: after[start + n] });
    shift += added.length - removed;
  }
  return found;
}

/** What makes one element the other: its own changes where they are shorter than the whole. */
function replacing(before: JsonValue, after: JsonValue, place: Pointer): Operation[] {
  const path = place.toString();
  const inside = jsonPatchOf(before, after)?.map(
    (each) => ({ ...each, path: `${path}${each.path}` }) as Operation,
  );
  const whole: Operation = { op: 'replace', path, value: after };
  if (inside === undefined) return [whole];
  return jsonText(inside).length < jsonText(whole).length + 2 ? inside : [whole];
}

/** Above this many changes lists are compared place by place, so that huge ones stay quick. */
const mostEdits = 400;

/** The stretches in which two lists of texts differ, from the first to the last. */
function stretches(before: string[], after: string[]): [at: number, removed: number, added: string[]][] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  if (left.length === 0 && right.length === 0) return [];
  if (left.length === 0 || right.length === 0) return [[start, left.length, right]];
  const changes = diffArrays(left, right, { maxEditLength: mostEdits });
  return changes === undefined ? placeByPlace(left, right, start) : fromChanges(changes, start);
}

function fromChanges(changes: ChangeObject<string[]>[], start: number): [number, number, string[]][] {
  const found: [number, number, string[]][] = [];
  let at = start;
  let open: [number, number, string[]] | undefined;
  for (const change of changes) {
    if (!change.added && !change.removed) {
      at += change.count;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = [at, 0, []];
      found.push(open);
    }
    if (change.removed) {
      open[1] += change.count;
      at += change.count;
    } else open[2].push(...change.value);
  }
  return found;
}

function placeByPlace(left: string[], right: string[], start: number): [number, number, string[]][] {
  const found: [number, number, string[]][] = [];
  const both = Math.min(left.length, right.length);
  for (let at = 0; at < both; at++) if (left[at] !== right[at]) found.push([start + at, 1, [right[at]!]]);
  if (left.length !== right.length) found.push([start + both, left.length - both, right.slice(both)]);
  return found;
}

function unfit(expected: string): VersioningError {
  return new VersioningError('unreadable', `Expected ${expected} in a delta, found something else.`);
}
