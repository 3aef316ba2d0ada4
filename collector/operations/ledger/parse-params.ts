import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { type PythonValue, parsePython } from '../../formats/python/json.ts';

/**
 * Parameters from words such as "lr=0.1" and "opt.name=adam", with values as Python would read them: 1 is an int, 1.0 a
 * float, true and False booleans, None and null nothing, JSON lists as such, everything else text. Dots nest; a backslash
 * keeps one in the name; quotes force text.
 * @throws DaybookError `usage` for a word that is no pair, or a name given twice.
 */
export function parseParamWords(words: readonly string[]): Map<string, PythonValue> {
  const params = new Map<string, PythonValue>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) {
      throw new DaybookError('usage', `Expected a parameter as name=value, found "${showText(word, 60)}".`, {
        where: '--param',
        hint: 'For example: --param lr=0.1 --param opt.name=adam',
      });
    }
    setParam(params, word.slice(0, at), parseValue(word.slice(at + 1)));
  }
  return params;
}

function setParam(params: Map<string, PythonValue>, name: string, value: PythonValue): void {
  const parts = name.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
  const last = parts.pop()!;
  let target = params;
  for (const part of parts) {
    const inner = target.get(part) ?? new Map<string, PythonValue>();
    if (!(inner instanceof Map)) throw twice(name);
    target.set(part, inner);
    target = inner;
  }
  if (target.has(last)) throw twice(name);
  target.set(last, value);
}

function twice(name: string): DaybookError {
  return new DaybookError('usage', `Expected each parameter once, found "${showText(name, 60)}" twice.`, {
    where: '--param',
  });
}

const pythonWords = new Map<string, PythonValue>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function parseValue(text: string): PythonValue {
  const word = pythonWords.get(text);
  if (word !== undefined) return word;
  // As Python and JSON have numbers; 1. and .5 are Python's alone.
  const number = /^-?\d+\.$/.test(text) ? `${text}0` : text.replace(/^(-?)\./, '$10.');
  try {
    return parsePython(number);
  } catch {
    return /^'[\s\S]*'$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
  }
}
