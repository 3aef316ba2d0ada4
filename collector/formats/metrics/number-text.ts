import { numberOf } from './points.ts';

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text is, as programs write numbers: digits, "nan", "inf"; undefined for anything else. */
export function numberInText(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : numberOf(text);
}
