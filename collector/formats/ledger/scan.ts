import { parsePlainJson } from '../../base/json/text.ts';
/** One member of a JSON object, found without parsing its value. */
export interface Member {
  key: string;
  /** Where its key begins. */
  keyStart: number;
  valueStart: number;
}

/** How a walk over a text ended: `torn` where the text stops in the middle, `broken` where it is no JSON. */
export type ScanEnd = { state: 'whole' | 'torn' | 'broken'; at: number };

/**
 * Walks over the members of the JSON object that begins at `start`, in the order of the file and with repeated keys, which
 * JSON.parse would drop. Members before a torn or broken place are found all the same. A visitor that walks over the value
 * itself says how that ended; others get it skipped.
 */
export function scanObject(
  text: string,
  start: number,
  visit: (member: Member) => ScanEnd | undefined,
): ScanEnd {
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return { state: 'whole', at: at + 1 };
  for (;;) {
    const keyStart = at;
    if (at >= text.length) return { state: 'torn', at };
    if (text[at] !== '"') return { state: 'broken', at };
    const keyEnd = endOfString(text, at);
    if (keyEnd < 0) return { state: 'torn', at };
    const key = decodeKey(text.slice(at, keyEnd));
    if (key === undefined) return { state: 'broken', at };
    at = skipSpace(text, keyEnd);
    if (at >= text.length) return { state: 'torn', at };
    if (text[at] !== ':') return { state: 'broken', at };
    const valueStart = skipSpace(text, at + 1);
    const value = visit({ key, keyStart, valueStart }) ?? skipValue(text, valueStart);
    if (value.state !== 'whole') return value;
    at = skipSpace(text, value.at);
    if (at >= text.length) return { state: 'torn', at };
    if (text[at] === '}') return { state: 'whole', at: at + 1 };
    if (text[at] !== ',') return { state: 'broken', at };
    at = skipSpace(text, at + 1);
  }
}

/** Where the value at `start` ends; its inside is only balanced, not checked. */
export function skipValue(text: string, start: number): ScanEnd {
  const first = text[start];
  if (first === undefined) return { state: 'torn', at: start };
  if (first === '"') {
    const end = endOfString(text, start);
    return end < 0 ? { state: 'torn', at: text.length } : { state: 'whole', at: end };
  }
  if (first === '{' || first === '[') return skipNested(text, start);
  word.lastIndex = start;
  word.test(text);
  const end = word.lastIndex;
  if (end === start || end === 0) return { state: 'broken', at: start };
  return { state: end >= text.length ? 'torn' : 'whole', at: end };
}

const word = /[-+.\w]*/y;

function skipNested(text: string, start: number): ScanEnd {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = endOfString(text, at);
      if (end < 0) return { state: 'torn', at: text.length };
      at = end - 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return { state: 'whole', at: at + 1 };
    }
  }
  return { state: 'torn', at: text.length };
}

/** Behind the closing quote of the text that begins at `start`; -1 where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return -1;
}

function decodeKey(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return parsePlainJson(quoted) as string;
  } catch {
    return undefined;
  }
}

/** The first place from `at` on that is no white space. */
export function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}
