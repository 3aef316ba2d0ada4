import { exactNumber } from './exact-number.ts';
import type { JsonObject, JsonValue } from './json.ts';

/**
 * Reads JSON, the one way for everything recorded: numbers that a JavaScript number would not give back as they were
 * written (9007199254740993, 1e400, 1.0) keep their characters as an ExactNumber. Never deeper on the stack than JSON.parse.
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): JsonValue {
  const plain = JSON.parse(text) as JsonValue;
  return holdsExactNumbers(text) ? readExactly(text) : plain;
}

/** Reads JSON whose numbers are only measured or counted, as JavaScript does: for files of our own and for measurements. */
export function parsePlainJson(text: string): unknown {
  return JSON.parse(text);
}

/**
 * Writes JSON, the one way for everything recorded: exact numbers as they were written. On one line, or laid out with
 * `indent` spaces; `replace` is that of JSON.stringify.
 */
export function jsonText(
  value: unknown,
  indent?: number,
  replace?: (key: string, value: unknown) => unknown,
): string {
  return JSON.stringify(value, replace, indent);
}

/** Whether a JSON text has a number whose characters a JavaScript number would not give back. Quick: most texts have none. */
export function holdsExactNumbers(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at + 1) - 1;
    else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at);
      if (!isSurelyPlain(text, at, end) && !givesBack(text.slice(at, end))) return true;
      at = end - 1;
    }
  }
  return false;
}

const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Digits that a double always holds. */
const safeDigits = 15;

/** Few digits without exponent, no zero at the end of a fraction, no −0, and not so small that it is written otherwise. */
function isSurelyPlain(text: string, from: number, end: number): boolean {
  const isNegative = text.charCodeAt(from) === minus;
  const start = isNegative ? from + 1 : from;
  if (end - start > safeDigits + 1) return false;
  let isFraction = false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === point) isFraction = true;
    else if (code > nine || code < zero) return false;
  }
  if (!isFraction) return end - start <= safeDigits && !(isNegative && text.charCodeAt(start) === zero);
  return text.charCodeAt(end - 1) !== zero && !text.startsWith('0.00000', start);
}

const givesBack = (written: string) => String(Number(written)) === written;

/** Where the number that begins at `from` is over. */
function endOfNumber(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    const code = text.charCodeAt(at);
    const isPart = (code >= zero && code <= nine) || code === point || code === minus || code === 0x2b;
    if (!isPart && (code | 0x20) !== 0x65) return at;
  }
}

/** Reads a text that is known to be JSON. By hand: JSON.parse with a reviver that asks for the source takes twice as long. */
function readExactly(text: string): JsonValue {
  const holders: (JsonValue[] | JsonObject | undefined)[] = [];
  let holder: JsonValue[] | JsonObject | undefined;
  let name: string | undefined;
  let whole: JsonValue = null;
  const put = (value: JsonValue) => {
    if (holder === undefined) whole = value;
    else if (Array.isArray(holder)) holder.push(value);
    else setMember(holder, name!, value);
    name = undefined;
  };
  const open = (value: JsonValue[] | JsonObject) => {
    put(value);
    holders.push(holder);
    holder = value;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = endOfText(text, at + 1);
      const raw = text.slice(at + 1, end - 1);
      const value = raw.includes('\\') ? (JSON.parse(text.slice(at, end)) as string) : raw;
      if (name !== undefined || holder === undefined || Array.isArray(holder)) put(value);
      else name = value;
      at = end;
    } else if (code === 0x7b || code === 0x5b) {
      open(code === 0x7b ? {} : []);
      at += 1;
    } else if (code === 0x7d || code === 0x5d) {
      holder = holders.pop();
      at += 1;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at);
      put(exactNumber(text.slice(at, end)));
      at = end;
    } else if (code === 0x74 || code === 0x66 || code === 0x6e) {
      put(code === 0x6e ? null : code === 0x74);
      at += code === 0x66 ? 5 : 4;
    } else {
      at += 1;
    }
  }
  return whole;
}

/** Where the text that begins at `from`, behind its quote, is over: behind the quote that ends it. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
}

/** "__proto__" is a name like any other. */
function setMember(object: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
