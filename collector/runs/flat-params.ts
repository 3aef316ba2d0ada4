import { isExactNumber, isHeldByDouble } from '../base/json/exact-number.ts';
import { isObject, type JsonValue } from '../base/json/json.ts';
import { jsonText } from '../base/json/text.ts';
import type { Scalar } from './record.ts';

/** More names than this are not parameters any more but data. */
const maxNames = 2000;
const longestText = 1000;
const deepest = 32;

/**
 * A configuration as names with dots and small values: {opt: {name: "sgd"}} -> "opt.name". Lists become their JSON text.
 * Adds to `params`, where names that are there already stay; returns how many names were left out.
 */
export function flattenParams(config: JsonValue, params: Record<string, Scalar>): number {
  let left = maxNames - Object.keys(params).length;
  let lost = 0;
  const visit = (value: JsonValue, name: string, depth: number) => {
    if (isObject(value) && depth < deepest && (name === '' || Object.keys(value).length > 0)) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, name === '' ? key : `${name}.${key}`, depth + 1);
      }
      return;
    }
    if (name === '' || Object.hasOwn(params, name)) return;
    if (left <= 0) lost += 1;
    else params[name] = scalarOf(value);
    left -= 1;
  };
  visit(config, '', 0);
  return lost;
}

function scalarOf(value: JsonValue): Scalar {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (isExactNumber(value)) return isHeldByDouble(value) ? value.valueOf() : value.text;
  const text = typeof value === 'string' ? value : jsonText(value);
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
