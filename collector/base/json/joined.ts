/** What a line holds that is not one JSON value. */
export interface JoinedJson<T> {
  /** The whole objects on it, as `read` gave them, in their order. */
  values: T[];
  /** Whether something else stands there, too, such as the beginning of an object whose writer was stopped. */
  hasRest: boolean;
}

/** A line of fragments is not searched for ever. */
const maxTries = 64;

/**
 * Finds the whole objects on a line on which several stand, or whole ones beside pieces of others, as writers leave it
 * that end no line or were stopped in one. `read` says what an object is, undefined where it is none. An object within
 * a piece is not taken for one of the line, unless it begins with the same name as the line does.
 */
export function readJoined<T>(text: string, read: (object: string) => T | undefined): JoinedJson<T> {
  const joined: JoinedJson<T> = { values: [], hasRest: false };
  const first = /^\s*\{\s*"[^"\\]*"\s*:/.exec(text.slice(0, 1000))?.[0].trimStart();
  let at = nextText(text, 0);
  for (let tries = 0; at < text.length && tries < maxTries; ) {
    const end = text[at] === '{' ? endOfObject(text, at) : -1;
    const value = end === -1 || !isBoundary(text, end) ? undefined : read(text.slice(at, end));
    if (value === undefined) {
      tries++;
      joined.hasRest = true;
      at = nextObject(text, at + 1, first);
    } else {
      joined.values.push(value);
      at = nextText(text, end);
    }
  }
  joined.hasRest ||= at < text.length;
  return joined;
}

/** Whether one object may be over here: where its members go on behind it, a byte was changed to a brace. */
function isBoundary(text: string, end: number): boolean {
  return /^\s*(?:,?\s*\{|,?\s*$)/.test(text.slice(end, end + 20));
}

/** The next place from `from` on where an object of the line may begin behind a piece of another. */
function nextObject(text: string, from: number, first: string | undefined): number {
  for (let at = text.indexOf('{', from); at !== -1; at = text.indexOf('{', at + 1)) {
    if (first !== undefined && text.startsWith(first, at)) return at;
    const isNested = /[:[,]\s*$/.test(text.slice(Math.max(0, at - 20), at));
    if (!isNested && /^\{\s*"/.test(text.slice(at, at + 20))) return at;
  }
  return text.length;
}

function nextText(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Behind the brace that closes the object which begins at `start`; -1 where there is none. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
      if (at === -1) return -1;
    } else if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) return at + 1;
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  return -1;
}
