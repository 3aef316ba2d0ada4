import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parsePlainJson } from '../../base/json/text.ts';

/** An entry, or the name of a suite before its list. */
const landmark = /\{\s*"commit"\s*:|"((?:[^"\\\n]|\\.)*)"\s*:\s*\[\s*(?=\{\s*"commit")/g;

/** Every whole entry of a damaged data.js, by its suite: what was cut off or written over is left out. */
export function wholeEntries(text: string): [suite: string, entries: JsonObject[]][] {
  const suites = new Map<string, JsonObject[]>();
  let entries: JsonObject[] | undefined;
  landmark.lastIndex = 0;
  for (let match = landmark.exec(text); match !== null; match = landmark.exec(text)) {
    if (match[1] !== undefined) {
      const name = textOf(match[1]);
      entries = suites.get(name) ?? [];
      suites.set(name, entries);
      continue;
    }
    const end = endOfEntry(text, match.index);
    const entry = end === undefined ? undefined : objectIn(text.slice(match.index, end));
    if (entry === undefined || end === undefined) continue;
    // What stands before the first name that is left is of a suite that nobody knows.
    entries?.push(entry);
    landmark.lastIndex = end;
  }
  return [...suites];
}

/** Behind the brace that closes an entry; undefined where the next one begins before that. */
function endOfEntry(text: string, start: number): number | undefined {
  let depth = 0;
  const mark = /["{}]/g;
  mark.lastIndex = start;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    if (match[0] === '{') depth += 1;
    else if (match[0] === '}') {
      depth -= 1;
      if (depth === 0) return match.index + 1;
    } else mark.lastIndex = endOfText(text, match.index + 1);
    if (depth > deepest) return undefined;
  }
  return undefined;
}

/** An entry has three levels; a text that never closes would be looked through again from each entry on. */
const deepest = 16;

function endOfText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x0a) return at + 1;
    if (code === 0x5c) at += 1;
  }
  return text.length;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parsePlainJson(text);
    return isObject(value as JsonObject) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(quoted: string): string {
  try {
    return String(parsePlainJson(`"${quoted}"`));
  } catch {
    return quoted;
  }
}
