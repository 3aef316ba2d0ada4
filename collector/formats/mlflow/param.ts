import { exactNumber, isExactNumber, isHeldByDouble } from '../../base/json/exact-number.ts';

/** Numbers as Python and JSON write them, and no other digits: "007" and "1.10" are names. */
const number = /^-?(?:0|[1-9]\d*)(?:\.(?:0|\d*[1-9]))?(?:e[+-]?\d+)?$/;

/** A parameter, of which MLflow keeps the text alone: a number where it was one, so that it can be compared; else the text. */
export function paramValue(text: string): string | number {
  if (text.length > 40 || !number.test(text)) return text;
  const value = exactNumber(text);
  if (!isExactNumber(value)) return value;
  return isHeldByDouble(value) ? value.valueOf() : text;
}
