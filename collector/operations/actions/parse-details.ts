import { DaybookError } from '../../base/errors.ts';
import { exactNumber } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { parseJson } from '../../base/json/text.ts';

/** A name before "=": letters first, then dots for nesting; a backslash keeps a dot in the name. */
const pair = /^((?:[A-Za-z_$@]|\\\.)(?:[\w$@/:-]|\\\.|\.(?=[\w$@\\-]))*)=([\s\S]*)$/;

/**
 * Details from the words of a command line: JSON, key=value pairs, or plain text as {"description": …}.
 * Text that begins like JSON and is broken is an error that points at the place.
 */
export function parseDetails(words: readonly string[]): JsonValue {
  if (words.length === 0) return {};
  if (pair.test(words[0]!)) return parsePairs(words);
  return parseDetailsText(words.join(' '), 'the details');
}

/** Details from a text that came whole: a file or standard input. */
export function parseDetailsText(text: string, where: string): JsonValue {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return {};
  if (!/^[{["]/.test(trimmed)) return { description: trimmed };
  const value = readDetailsJson(trimmed, where);
  return typeof value === 'string' ? { description: value } : value;
}

/** JSON, or a "bad-input" error with line, column and the place itself. */
function readDetailsJson(text: string, where: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    const place = findJsonMistake(text);
    if (place === undefined) throw cause;
    const { line, column, expected, excerpt } = place;
    throw new DaybookError(
      'bad-input',
      `Expected ${where} to be JSON because the text begins like JSON, but at line ${line}, column ${column} it needs ${expected}:\n${excerpt}`,
      {
        where: `line ${line}, column ${column}`,
        hint: `Mend the JSON, use key=value pairs, or begin plain text with a letter.`,
        cause,
      },
    );
  }
}

function parsePairs(words: readonly string[]): JsonObject {
  const details: JsonObject = {};
  for (const word of words) {
    const match = pair.exec(word);
    if (match === null) {
      throw new DaybookError(
        'bad-input',
        `Expected every detail as key=value like the first one, found "${word}".`,
        {
          hint: 'Quote values that hold spaces (key="two words"), or give one plain text instead of pairs.',
        },
      );
    }
    setDetail(details, match[1]!, parseValue(match[2]!, match[1]!));
  }
  return details;
}

function setDetail(details: JsonObject, key: string, value: JsonValue): void {
  const names = key.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.'));
  let target = details;
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    const present = Object.hasOwn(target, name) ? target[name] : undefined;
    if (present !== undefined && (last || !isObject(present))) {
      const other = names.slice(0, index + 1).join('.');
      throw new DaybookError('bad-input', `Expected each detail once, found "${other}" twice (in ${key}).`, {
        hint: 'Use different names, or one JSON object.',
      });
    }
    const next = last ? value : (present ?? {});
    // As an own property, whatever the name is: "__proto__=1" is recorded like any other detail.
    Object.defineProperty(target, name, {
      value: next,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    if (!last) target = next as JsonObject;
  }
}

const words = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function parseValue(text: string, key: string): JsonValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return numberOrText(text);
  if (/^'[\s\S]*'$/.test(text) && text.length > 1) return text.slice(1, -1);
  return /^[{["]/.test(text) ? readDetailsJson(text, key) : text;
}

/** A number as it was typed; one that is larger than any double (a commit id such as 1e4711) stays text. */
function numberOrText(text: string): JsonValue {
  return Number.isFinite(Number(text)) ? exactNumber(text) : text;
}
