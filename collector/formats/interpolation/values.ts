import { exactNumber, isExactNumber } from '../../base/json/exact-number.ts';
import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { formatFloat } from '../python/json.ts';
import { keepNotation, notationOf } from '../yaml/cursor.ts';
import { readPlainYaml } from '../yaml/plain.ts';
import { InterpolationError } from './grammar.ts';

/** A value with how it was written, and the place it stands at where it is a part of the configuration. */
export interface Found {
  value: JsonValue;
  written?: string | undefined;
  place?: readonly string[];
}

/** A text as OmegaConf.create takes it: YAML; a name alone has no value. */
export function createdFrom(text: string): Found {
  const { value, troubles } = readPlainYaml(text, true);
  if (troubles.length > 0) throw new InterpolationError('oc.create takes YAML');
  return { value: typeof value === 'string' ? { [value]: null } : value };
}

/** A list of found values, each to be written as it was found. */
export function listOf(elements: readonly Found[]): JsonValue[] {
  const list = elements.map(({ value }) => value);
  for (const [at, { written }] of elements.entries())
    if (written !== undefined) keepNotation(list, at, written);
  return list;
}

/** The same for names and values. */
export function mapOf(entries: readonly (readonly [string, Found])[]): JsonObject {
  const map: JsonObject = Object.create(null);
  for (const [key, { value, written }] of entries) {
    map[key] = value;
    if (written !== undefined) keepNotation(map, key, written);
  }
  return map;
}

const wholeNumber = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const fraction =
  /^[+-]?(?:(?:(?:0|[1-9](?:_?\d)*)\.|(?:0|[1-9](?:_?\d)*)?\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?|(?:0|[1-9](?:_?\d)*)[eE][+-]?\d(?:_?\d)*|inf|nan)$/i;

/** What a text without quotes is to a resolver: null, a boolean, a number or text. */
export function plainValue(text: string): Found {
  const word = text.toLowerCase();
  if (word === 'null') return { value: null };
  if (word === 'true' || word === 'false') return { value: word === 'true' };
  const digits = text.replaceAll('_', '');
  if (wholeNumber.test(text)) {
    const value = Number(digits);
    if (Number.isSafeInteger(value)) return { value: value === 0 ? 0 : value };
    const exact = BigInt(digits.replace(/^\+/, '')).toString();
    return { value: exactNumber(exact), written: exact };
  }
  if (!fraction.test(text)) return { value: text };
  if (/inf|nan/i.test(text)) {
    const isNegative = text.startsWith('-');
    const isNan = /nan/i.test(text);
    return isNan
      ? { value: 'NaN', written: '.nan' }
      : { value: `${isNegative ? '-' : ''}Infinity`, written: `${isNegative ? '-' : ''}.inf` };
  }
  const value = Number(digits);
  return Number.isInteger(value) ? { value, written: formatFloat(value) } : { value };
}

/** A value as Python's str() has it. */
export function pythonText({ value, written }: Found, isInside = false): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isExactNumber(value))
    return /^-?\d+$/.test(value.text) ? value.text : formatFloat(value.valueOf()).replace('Infinity', 'inf');
  if (typeof value === 'number')
    return Number.isInteger(value) && !/[.eE]/.test(written ?? '') ? String(value) : formatFloat(value);
  if (typeof value === 'string') {
    if (written !== undefined && /^[-+]?\.(?:inf|nan)$/i.test(written))
      return value === 'NaN' ? 'nan' : value.replace('Infinity', 'inf');
    return isInside && written === undefined ? pythonQuoted(value) : value;
  }
  const inner = (key: string | number) =>
    pythonText({ value: (value as JsonObject)[key]!, written: notationOf(value, key) }, true);
  if (Array.isArray(value)) return `[${value.map((_, at) => inner(at)).join(', ')}]`;
  return `{${Object.keys(value)
    .map((key) => `${pythonQuoted(key)}: ${inner(key)}`)
    .join(', ')}}`;
}

function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** "data.paths[0]". */
export function placeName(root: JsonObject, place: readonly string[]): string {
  let name = '';
  let holder: JsonValue = root;
  for (const key of place) {
    name += Array.isArray(holder) ? `[${key}]` : `${name === '' ? '' : '.'}${key}`;
    holder = (holder as JsonObject)[key]!;
  }
  return name;
}
