import { exactNumber, isExactNumber, isHeldByDouble } from '../../base/json/exact-number.ts';
import type { JsonValue } from '../../base/json/json.ts';

/** A scalar as JSON can hold it; `written` is its text where JSON loses what it was (2^60, 1.0, .nan, a bare date). */
export interface YamlScalar {
  value: JsonValue;
  written?: string;
}

const words = new Map<string, JsonValue>();
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, null);
for (const word of ['yes', 'true', 'on']) for (const form of cases(word)) words.set(form, true);
for (const word of ['no', 'false', 'off']) for (const form of cases(word)) words.set(form, false);

function cases(word: string): string[] {
  return [word, `${word[0]!.toUpperCase()}${word.slice(1)}`, word.toUpperCase()];
}

const plainInteger = /^-?(?:0|[1-9][0-9]{0,14})$/;
const integer =
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;
const power = /^[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$/;
const special = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const moment =
  /^\d{4}-(?:\d{2}-\d{2}|\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)$/;

/**
 * What a text without quotes means to PyYAML (YAML 1.1): "yes" is true, "0755" is 493, "1e5" is a text; with
 * `byHand` a number, as people mean it in files they write themselves.
 */
export function resolvePlainScalar(text: string, byHand = false): YamlScalar {
  const word = words.get(text);
  if (word !== undefined) return { value: word };
  if (!/^[-+.0-9]/.test(text)) return { value: text };
  if (plainInteger.test(text)) return { value: text === '-0' ? 0 : Number(text) };
  if (integer.test(text)) return wholeNumber(text);
  if (float.test(text) || (byHand && power.test(text))) return fraction(text);
  const infinite = special.exec(text);
  if (infinite !== null) {
    const isNan = infinite[1] === undefined;
    return { value: isNan ? 'NaN' : `${infinite[1] === '-' ? '-' : ''}Infinity`, written: text };
  }
  return moment.test(text) ? { value: text, written: text } : { value: text };
}

const otherNumber = /^(?:0o[0-7]+|0x[0-9a-f]+|[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)$/i;
const otherWord = /^(?:[yn]|=|<<|\.+|[-+]?\.(?:inf|nan))$/i;

/** Whether a text must stand in quotes so that readers of both YAML 1.1 and 1.2 take it for the text it is. */
export function isAmbiguousScalar(text: string): boolean {
  const { value, written } = resolvePlainScalar(text);
  return value !== text || written !== undefined || otherNumber.test(text) || otherWord.test(text);
}

function wholeNumber(text: string): YamlScalar {
  const bare = text.replace(/_/g, '');
  const isNegative = bare.startsWith('-');
  const digits = bare.replace(/^[-+]/, '');
  if (digits === '') return { value: text };
  const size = magnitude(digits);
  if (size === undefined) return { value: text };
  const exact = isNegative ? -size : size;
  const isSafe = exact >= Number.MIN_SAFE_INTEGER && exact <= Number.MAX_SAFE_INTEGER;
  return isSafe ? { value: Number(exact) } : { value: exactNumber(exact.toString()), written: text };
}

function magnitude(digits: string): bigint | undefined {
  // Making a number of a million digits takes seconds; nobody counts that far.
  if (digits.length > 400) return undefined;
  if (digits.includes(':')) {
    return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  if (/^0[bx]/.test(digits)) return digits.length > 2 ? BigInt(digits) : undefined;
  return digits.length > 1 && digits.startsWith('0') ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
}

function fraction(text: string): YamlScalar {
  const bare = text.replace(/_/g, '');
  const value = bare.includes(':') ? sexagesimal(bare) : Number(bare);
  const digits = bare
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?!\d)/, '.0');
  const whole = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(digits) ? exactNumber(digits) : value;
  // Digits beyond a double are kept; of what a double holds only the text that stood there, for JavaScript counts with it.
  if (isExactNumber(whole) && !isHeldByDouble(whole)) return { value: whole, written: text };
  if (!Number.isFinite(value)) return { value: String(value), written: text };
  // JSON knows no difference between 1.0 and 1, Python does.
  return Number.isInteger(value) ? { value: value === 0 ? 0 : value, written: text } : { value };
}

function sexagesimal(text: string): number {
  const size = text.replace(/^[-+]/, '');
  const value = size.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return text.startsWith('-') ? -value : value;
}

const escapes: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/** The text between double quotes with its escapes resolved; undefined where one of them is none. */
export function unescapeYaml(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let isBroken = false;
  const plain = text.replace(escapeSequence, (_, x?: string, u?: string, U?: string, other?: string) => {
    const code = x ?? u ?? U;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      if (point <= 0xffff) return String.fromCharCode(point);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    }
    const known = other === undefined ? undefined : escapes[other];
    if (known === undefined) isBroken = true;
    return known ?? '';
  });
  return isBroken ? undefined : plain;
}
