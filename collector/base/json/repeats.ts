import { parseJson } from './text.ts';

/** A key that stands a second time in one object of a JSON text. */
export interface RepeatedKey {
  key: string;
  /** Lines from 1: of the second place, and of the first. */
  line: number;
  firstLine: number;
}

/** Says that a key stands a second time in a map. */
export function repeatedKeyMessage(name: string, firstLine: number | undefined): string {
  return `the key "${name}" is given twice${firstLine === undefined ? '' : `, first in line ${firstLine}`}`;
}

/** The first key that an object names twice, in a text that is known to be JSON: JSON.parse takes the last without a word. */
export function findRepeatedKey(text: string): RepeatedKey | undefined {
  const open: (Map<string, number> | undefined)[] = [];
  // By hand: regular expressions fail on texts of some megabytes.
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Map());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfText(text, at + 1);
      const names = open.at(-1);
      if (names !== undefined && isBeforeColon(text, end)) {
        const key = parseJson(text.slice(at, end)) as string;
        const first = names.get(key);
        if (first !== undefined) return { key, line: lineAt(text, at), firstLine: lineAt(text, first) };
        names.set(key, at);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Behind the quote that ends the text whose first letter stands at `from`. */
function endOfText(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from;
  while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1;
  return text[at] === ':';
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
