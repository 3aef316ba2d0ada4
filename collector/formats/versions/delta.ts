import type { Operation } from 'rfc6902';
import { alignLists } from '../../base/difference/lists.ts';
import { jsonPatch, type PatchOperation } from '../../base/difference/patch.ts';
import { carryOutPatch, replaceLeaves } from '../../base/difference/patch-apply.ts';
import { isExactNumber } from '../../base/json/exact-number.ts';
import { hasMembers, isObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { holdsExactNumbers, jsonText, parseJson } from '../../base/json/text.ts';
import { ValueIds } from '../../base/value-ids.ts';
import { canonicalJson } from './canonical-json.ts';
import { RefusedVersionError } from './errors.ts';

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

/** Undefined where the two are not both objects or both lists: their difference is the newer one whole. */
function jsonPatchOf(before: JsonValue, after: JsonValue): PatchOperation[] | undefined {
  const alike = (isObject(before) && isObject(after)) || (Array.isArray(before) && Array.isArray(after));
  if (!alike) return undefined;
  if (!holdsExactNumbers(jsonText([before, after]))) return jsonPatch(before, after);
  // A version keeps how a number was written; a difference takes 1 and 1.0 for the same.
  const texts = { before: spelled(before), after: spelled(after) };
  const patch = jsonPatch(texts.before, texts.after);
  replaceLeaves(patch, (leaf) =>
    typeof leaf === 'string' && leaf.startsWith(spelling) ? parseJson(leaf.slice(spelling.length)) : leaf,
  );
  return patch;
}

/** Before the text of a number in place of which it stands: no text that is kept begins so. */
const spelling = '\u0000number:';

function spelled(value: JsonValue): JsonValue {
  const copy = copyOf(value);
  replaceLeaves(copy as object, (leaf) => (isExactNumber(leaf) ? `${spelling}${leaf.text}` : leaf));
  return copy;
}

/**
 * Leads from a value to the next; `before` is changed and must not be used any more.
 * @throws RefusedVersionError `unreadable` where the delta is none or does not fit.
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
  const result = carryOutPatch(before, operations, holdsExactNumbers(text));
  if ('failed' in result) throw unfit(`a patch that fits (${result.failed})`);
  return result.value;
}

function deltaOf(before: JsonValue, after: JsonValue): unknown {
  if (typeof before === 'string' && typeof after === 'string') {
    if (before.length + after.length > 2 * longestText) return undefined;
    return { lines: lineEdits(linesOf(before), linesOf(after)) };
  }
  return jsonPatchOf(before, after);
}

function copyOf(value: JsonValue): JsonValue {
  return typeof value === 'string' ? value : parseJson(jsonText(value));
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

/** The stretches in which two lists of lines differ, from the first to the last. */
function lineEdits(before: string[], after: string[]): LineEdit[] {
  const ids = new ValueIds();
  const idOf = (line: string) => ids.of(line);
  const { kept } = alignLists(Int32Array.from(before, idOf), Int32Array.from(after, idOf));
  const found: LineEdit[] = [];
  let told = 0;
  for (let at = 0; at <= before.length; ) {
    const start = at;
    while (at < before.length && kept[at] === -1) at += 1;
    const to = at < before.length ? kept[at]! : after.length;
    if (at > start || to > told) found.push([start, at - start, after.slice(told, to)]);
    told = to + 1;
    at += 1;
  }
  return found;
}

function unfit(expected: string): RefusedVersionError {
  return new RefusedVersionError('unreadable', `Expected ${expected} in a delta, found something else.`);
}
