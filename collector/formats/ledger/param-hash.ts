import { DaybookError } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { dumpPython, type PythonValue, parsePython, toPython } from '../python/json.ts';

/**
 * The hash the original's sessions give parameters: SHA-256 of the JSON array of [path of keys, value], sorted by path, in
 * Python's spelling. Parameters are an object, or a JSON text where 1.0 can be told from 1 (a whole JavaScript number is
 * taken as an int). No parameters have no hash: null.
 * @throws DaybookError `bad-input` for what is no object.
 */
export function paramHashOf(params: unknown): string | null {
  return hashOfPython(typeof params === 'string' ? parseParams(params) : toPython(params));
}

/** The same for parameters whose ints and floats are told apart already. */
export function hashOfPython(value: PythonValue): string | null {
  if (!(value instanceof Map)) {
    throw new DaybookError('bad-input', 'Expected parameters as an object of names and values.', {
      where: 'params',
      hint: 'For example: {"lr": 0.1, "opt": {"name": "adam"}}',
    });
  }
  // The original leaves the hash out for empty parameters, but not for ones that flatten to nothing.
  if (value.size === 0) return null;
  const pairs = flatten(value, []).sort(([a], [b]) => comparePaths(a, b));
  return sha256Hex(dumpPython(pairs));
}

/** A hash as it is written and compared: the original takes texts only, so the integers of old ledgers become their digits. */
export function hashText(hash: string | number | bigint | null | undefined): string | null {
  return hash === null || hash === undefined ? null : String(hash);
}

type Pair = [string[], PythonValue];

function flatten(value: Map<string, PythonValue>, above: string[]): Pair[] {
  return [...value].flatMap(([key, member]): Pair[] =>
    member instanceof Map ? flatten(member, [...above, key]) : [[[...above, key], member]],
  );
}

/** As Python compares tuples of texts: part by part, by code point, the shorter first. */
function comparePaths(a: string[], b: string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareCodePoints(a[at]!, b[at]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** JavaScript compares texts by halves of characters, which puts those beyond U+FFFF before some below. */
function compareCodePoints(a: string, b: string): number {
  const [first, second] = [[...a], [...b]];
  for (let at = 0; at < Math.min(first.length, second.length); at++) {
    const order = first[at]!.codePointAt(0)! - second[at]!.codePointAt(0)!;
    if (order !== 0) return order;
  }
  return first.length - second.length;
}

function parseParams(text: string): PythonValue {
  try {
    return parsePython(text);
  } catch (cause) {
    throw new DaybookError(
      'bad-input',
      'Expected parameters as a JSON object, found a text that is no JSON.',
      {
        where: 'params',
        hint: 'For example: {"lr": 0.1}',
        cause,
      },
    );
  }
}
