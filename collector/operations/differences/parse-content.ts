import { DaybookError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { findRepeatedKey } from '../../base/json/repeats.ts';
import { showText } from '../../base/show.ts';
import { decodeBytes } from '../../base/text-encoding.ts';
import { requireText } from '../../formats/text/file.ts';
import { readPlainYaml } from '../../formats/yaml/plain.ts';

/** What a file holds: a value, or the lines of a text. */
export interface Content {
  value: JsonValue;
  isText: boolean;
}

/** The most that is read of one file. */
export const maxContentBytes = 128 * 1024 * 1024;

/**
 * Reads the bytes of a file by the ending of its name: .json, .jsonl and .ndjson (a list of values), .yaml, .yml and
 * .lock; anything else is a text, a list of its lines.
 * @throws DaybookError `bad-input` naming file and line where the content is not what its name says, or binary.
 */
export function parseContent(name: string, bytes: Uint8Array): Content {
  if (bytes.length > maxContentBytes) throw tooLarge(name, bytes.length);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A text may be any, also that of a Git LFS pointer; what has a form must be there itself.
  if (/\.(?:json|jsonl|ndjson|ya?ml|lock)$/i.test(name)) requireText(buffer, showText(name));
  const decoded = decodeBytes(buffer);
  // Damaged bytes stay apart from each other, one letter each.
  const text = decoded.encoding === 'damaged' ? buffer.toString('latin1') : decoded.text;
  if (/\.json$/i.test(name)) return { value: parseJson(name, text, 0), isText: false };
  if (/\.(?:jsonl|ndjson)$/i.test(name)) return { value: parseJsonLines(name, text), isText: false };
  if (/\.(?:ya?ml|lock)$/i.test(name)) return { value: parseYaml(name, text), isText: false };
  if (text.includes('\u0000')) {
    throw new DaybookError(
      'bad-input',
      `Expected JSON, YAML or text in ${showText(name)}, found binary data.`,
      {
        where: name,
      },
    );
  }
  return { value: linesOf(text), isText: true };
}

/**
 * The lines of a text. Nothing is lost: carriage returns stay, and a line feed at the end leaves an empty last line, so
 * that texts with the same lines are the same text.
 */
export function linesOf(text: string): string[] {
  return text.split('\n');
}

/** The error for a file that is too large to be compared. */
export function tooLarge(name: string, bytes: number): DaybookError {
  const most = maxContentBytes / 1024 / 1024;
  return new DaybookError(
    'bad-input',
    `Expected at most ${most} MiB in ${showText(name)}, found ${Math.ceil(bytes / 1024 / 1024)} MiB.`,
    { where: name, hint: 'Compare parts of it.' },
  );
}

function parseJson(name: string, text: string, linesBefore: number): JsonValue {
  const parsed = parseLenientJson(text);
  if (parsed.ok) {
    const twice = findRepeatedKey(text);
    if (twice === undefined) return parsed.value;
    const line = linesBefore + twice.line;
    throw new DaybookError(
      'bad-input',
      `Expected every key once in ${showText(name)}, found "${showText(twice.key, 60)}" a second time in line ${line}.`,
      { where: `${name}:${line}`, hint: 'Mend the file, or give it another ending to compare it as a text.' },
    );
  }
  const mistake = parsed.tooDeep ? undefined : findJsonMistake(text);
  const where = mistake === undefined ? name : `${name}:${linesBefore + mistake.line}:${mistake.column}`;
  const problem =
    mistake === undefined
      ? `Expected JSON in ${showText(name)}, found something else: ${showText(parsed.reason, 160)}.`
      : `Expected ${mistake.expected} at ${showText(where)}, found something else.`;
  throw new DaybookError('bad-input', problem, {
    where,
    hint: 'Mend the file, or give it another ending to compare it as a text.',
  });
}

function parseJsonLines(name: string, text: string): JsonValue[] {
  const values: JsonValue[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() !== '') values.push(parseJson(name, line, at));
  }
  return values;
}

function parseYaml(name: string, text: string): JsonValue {
  const { value, troubles } = readPlainYaml(text, true);
  const [broken] = troubles;
  if (broken === undefined) return value;
  const where = `${name}:${broken.line}`;
  throw new DaybookError(
    'bad-input',
    `Expected YAML in ${showText(where)}, found ${showText(broken.message, 160)}.`,
    {
      where,
      hint: 'Mend the file, or give it another ending to compare it as a text.',
    },
  );
}
