import type { JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { findRepeatedKey, repeatedKeyMessage } from '../../base/json/repeats.ts';
import { parseJson } from '../../base/json/text.ts';

/** A JSON or YAML text that a person wrote. */
export interface DocumentText {
  value: JsonValue;
  /** The first thing that keeps it from being read without doubt: what it is and where. */
  problem: { line: number | undefined; column?: number; message: string } | undefined;
}

/** Reads a document that a person wrote: one, whole, and no key twice; half of a broken file may say the opposite of the whole. */
export async function readDocument(
  text: string,
  as: 'json' | 'yaml',
  options: { lenient?: boolean } = {},
): Promise<DocumentText> {
  if (as === 'json') return readJsonDocument(text, options);
  const { readYamlText } = await import('../yaml/text.ts');
  const { value, problems } = readYamlText(text, { exact: true });
  return { value, problem: problems[0] };
}

/** "config.json:3:7: not read as JSON: …". */
export function documentProblem(
  path: string,
  as: 'json' | 'yaml',
  { line, column, message }: NonNullable<DocumentText['problem']>,
): string {
  const place = [path, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: not read as ${as.toUpperCase()}: ${message}`;
}

/** `lenient` takes NaN and the infinities as texts. */
export function readJsonDocument(text: string, { lenient = false } = {}): DocumentText {
  const parsed = lenient ? parseLenientJson(text) : parseStrictly(text);
  if (parsed.ok) {
    const twice = findRepeatedKey(text);
    const problem = twice && { line: twice.line, message: repeatedKeyMessage(twice.key, twice.firstLine) };
    return { value: parsed.value, problem };
  }
  const place = findJsonMistake(text);
  const problem =
    place === undefined
      ? { line: undefined, message: parsed.reason }
      : { line: place.line, column: place.column, message: `expected ${place.expected}` };
  return { value: null, problem };
}

function parseStrictly(text: string): { ok: true; value: JsonValue } | { ok: false; reason: string } {
  try {
    return { ok: true, value: parseJson(text) };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}
