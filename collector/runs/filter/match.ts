import { changeBetween, exactNumber } from '../../base/json/exact-number.ts';
import { isoMicros, parseTime } from '../../base/time.ts';
import { parseDuration } from '../../formats/schedule/duration.ts';
import { fieldTexts, fieldValue, type RunRow } from '../field.ts';
import type { RunRecord, Scalar } from '../record.ts';
import type { Comparison, FilterOperator, RunFilter } from './tree.ts';

/** What a condition needs to know of a run; whole records and rows of lists both fit. */
export type FilterSubject =
  | RunRecord
  | (RunRow & {
      params: Readonly<Record<string, Scalar>>;
      metrics: Readonly<Record<string, number>>;
    });

/**
 * Whether a run fulfils a condition. A value that is not there equals nothing and is neither below nor above anything;
 * "!=" is always the opposite of "=". Numbers are compared as numbers, times by as much as is given of them.
 */
export function matchesRun(filter: RunFilter, run: FilterSubject): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'and':
      return filter.terms.every((term) => matchesRun(term, run));
    case 'or':
      return filter.terms.some((term) => matchesRun(term, run));
    case 'not':
      return !matchesRun(filter.term, run);
    case 'compare':
      if (filter.operator === '!=') return !isTrue(filter, '=', run);
      return isTrue(filter, filter.operator, run);
  }
}

function isTrue(comparison: Comparison, operator: FilterOperator, run: FilterSubject): boolean {
  const { field, value } = comparison;
  if (field === undefined) return compareScalars(scalarNamed(run, comparison), operator, comparison);
  const actual = fieldValue(field, run);
  switch (field.type) {
    case 'time':
      return compareTimes(numberIfAny(actual), operator, value);
    case 'duration':
      return compareDurations(numberIfAny(actual), operator, value);
    case 'number':
      return compareScalars(actual, operator, comparison);
    default:
      return fieldTexts(field, run).some((text) =>
        compareTexts(text, operator, value, field.isExact !== true),
      );
  }
}

const numberIfAny = (value: Scalar | undefined) => (typeof value === 'number' ? value : undefined);

/**
 * A parameter or metric by its name, or by its name behind "params." or "metrics.". Parameters come first; but where a
 * number is asked for, a metric comes before a parameter that is none ("loss" is often both).
 */
function scalarNamed(
  { params, metrics }: FilterSubject,
  { name, value, quoted }: Comparison,
): Scalar | undefined {
  const param = own(params, name);
  const metric = own(metrics, name);
  if (param !== undefined && metric !== undefined && !quoted && numberOf(value) !== undefined) {
    return typeof param === 'number' || (typeof param === 'string' && numberOf(param) !== undefined)
      ? param
      : metric;
  }
  if (param !== undefined) return param;
  if (metric !== undefined) return metric;
  if (name.startsWith('params.')) return own(params, name.slice('params.'.length));
  return name.startsWith('metrics.') ? own(metrics, name.slice('metrics.'.length)) : undefined;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function compareScalars(
  actual: Scalar | undefined,
  operator: FilterOperator,
  { value, quoted }: Comparison,
): boolean {
  if (actual === undefined) return false;
  if (operator === '~') return compareTexts(String(actual), operator, value, false);
  const wanted = quoted ? undefined : numberOf(value);
  const number =
    typeof actual === 'number' ? actual : typeof actual === 'string' ? numberOf(actual) : undefined;
  if (wanted !== undefined && number !== undefined) {
    // Ids beyond 2^53 are told apart by their digits, which the text has.
    const change = number === wanted ? changeBetween(exactly(value), exactly(String(actual))) : 0;
    return change === 0 || Number.isNaN(change)
      ? compareNumbers(number, operator, wanted)
      : compareNumbers(change, operator, 0);
  }
  // A text is neither below nor above a number.
  if (operator !== '=' && (wanted !== undefined || typeof actual !== 'string')) return false;
  return compareTexts(String(actual), operator, value, typeof actual === 'boolean');
}

const exactly = (text: string) => exactNumber(text.trim());

function compareNumbers(a: number, operator: FilterOperator, b: number): boolean {
  if (operator === '=') return a === b || (Number.isNaN(a) && Number.isNaN(b));
  return ordered(a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN, operator);
}

function compareTexts(actual: string, operator: FilterOperator, value: string, anyCase: boolean): boolean {
  if (operator === '~') return actual.toLowerCase().includes(value.toLowerCase());
  const a = anyCase ? actual.toLowerCase() : actual;
  const b = anyCase ? value.toLowerCase() : value;
  if (operator === '=') return a === b;
  return ordered(a < b ? -1 : a > b ? 1 : 0, operator);
}

/** "2025-07" is all of July: it equals each of its moments, and is before what comes after them. */
function compareTimes(us: number | undefined, operator: FilterOperator, value: string): boolean {
  if (us === undefined) return false;
  const exact = /[+-]\d\d:?\d\d$/.test(value) && value.length > 16 ? parseTime(value) : undefined;
  const iso = isoMicros(us);
  const wanted = (exact === undefined ? value : isoMicros(exact.us)).replace(' ', 'T').replace(/Z$/i, '');
  return compareTexts(operator === '~' ? iso : iso.slice(0, wanted.length), operator, wanted, false);
}

/** A number alone is seconds; otherwise "10min", "1.5 h". */
function compareDurations(ms: number | undefined, operator: FilterOperator, value: string): boolean {
  if (ms === undefined) return false;
  const seconds = numberOf(value);
  const wanted = seconds === undefined ? parseDuration(value) : seconds * 1000;
  if (operator === '~' || wanted === undefined) return false;
  return compareNumbers(ms, operator, wanted);
}

function ordered(order: number, operator: FilterOperator): boolean {
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return operator === '>=' && order >= 0;
}

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const special: Record<string, number> = {
  nan: Number.NaN,
  infinity: Infinity,
  inf: Infinity,
  '-infinity': -Infinity,
  '-inf': -Infinity,
};

function numberOf(text: string): number | undefined {
  const bare = text.trim();
  if (plainNumber.test(bare)) return Number(bare);
  const word = bare.toLowerCase();
  return Object.hasOwn(special, word) ? special[word] : undefined;
}
