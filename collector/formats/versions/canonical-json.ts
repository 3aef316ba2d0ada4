import { type ExactNumber, isExactNumber, isHeldByDouble, numberKey } from '../../base/json/exact-number.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';

/**
 * The canonical JSON (RFC 8785) of a value. That knows doubles alone: numbers beyond one stand with all their digits,
 * whole ones as they are, others as digits and an exponent. With `asWritten` every number keeps its spelling, so that
 * two texts are equal only where nothing but the order of keys differs.
 * @throws Error for texts that are no Unicode (half of a surrogate pair).
 */
export function canonicalJson(value: JsonValue, asWritten = false): string {
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value !== 'object' || value === null) return jsonText(value);
  if (isExactNumber(value)) return asWritten ? value.text : canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each, asWritten)).join(',')}]`;
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${canonicalText(key)}:${canonicalJson(value[key]!, asWritten)}`);
  return `{${members.join(',')}}`;
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new Error('Lone surrogate is not allowed');
  return jsonText(text);
}

function canonicalNumber(value: ExactNumber): string {
  if (isHeldByDouble(value) || Number(value) === 0) return jsonText(value.valueOf());
  return /^-?\d+$/.test(value.text) ? value.text : numberKey(value);
}
