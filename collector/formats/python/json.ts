import { DaybookError } from '../../base/errors.ts';
import { isExactNumber } from '../../base/json/exact-number.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';

/** Numbers as Python tells them apart: 1 is an int, 1.0 a float. */
export type PythonValue =
  | null
  | boolean
  | string
  | { int: string }
  | { float: number }
  | PythonValue[]
  | Map<string, PythonValue>;

/**
 * A value as Python would have read it from the same source. In a JSON text 1 and 1.0 differ; in a JavaScript number they
 * do not: whole numbers are taken as ints, all others as floats.
 * @throws DaybookError `bad-input` for what JSON cannot hold.
 */
export function toPython(value: unknown, path = 'params'): PythonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (isExactNumber(value)) return fromText(value.text);
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { int: String(BigInt(value)) } : { float: value };
  if (Array.isArray(value)) return value.map((element, at) => toPython(element, `${path}[${at}]`));
  if (typeof value === 'object') {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return new Map(
      entries
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [String(key), toPython(member, `${path}.${String(key)}`)]),
    );
  }
  throw new DaybookError('bad-input', `${path} is a ${typeof value}, which JSON cannot hold.`, {
    where: path,
    hint: 'Convert it to a text or a number first.',
  });
}

/** Reads a JSON text the way Python does. @throws SyntaxError where it is none. */
export function parsePython(text: string): PythonValue {
  const literal = {
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    '-Infinity': Number.NEGATIVE_INFINITY,
  }[text.trim()];
  if (literal !== undefined) return { float: literal };
  return toPython(parseJson(text));
}

/** JSON without a dot or an exponent is an int to Python, anything else a float. */
function fromText(text: string): PythonValue {
  return /^-?\d+$/.test(text) ? { int: String(BigInt(text)) } : { float: Number(text) };
}

/** The text that Python's json.dumps gives with separators (",", ":") and ASCII escapes. */
export function dumpPython(value: PythonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoteAscii(value);
  if (Array.isArray(value)) return `[${value.map(dumpPython).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, member]) => `${quoteAscii(key)}:${dumpPython(member)}`).join(',')}}`;
  }
  return 'int' in value ? value.int : formatFloat(value.float);
}

/** A float as Python's repr has it: the same shortest digits as JavaScript, but other rules for exponents. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function quoteAscii(text: string): string {
  return jsonText(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
