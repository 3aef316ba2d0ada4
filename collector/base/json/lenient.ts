import { isTooDeep, maxJsonDepth } from './depth.ts';
import type { JsonValue } from './json.ts';
import { parseJson } from './text.ts';

/** What became of a text that should be JSON. */
export type LenientJson =
  | { ok: true; value: JsonValue; repaired: string | undefined }
  | { ok: false; reason: string; tooDeep: boolean };

/**
 * Parses JSON as it occurs in the wild: a byte order mark is dropped, and NaN and the infinities, as Python, C, C++, R
 * and numpy print them, become the texts "NaN", "Infinity" and "-Infinity", which `repaired` then says. Values nested too
 * deep to handle are refused. Never throws and takes time in proportion to the text, whatever it holds. `parse` is
 * parsePlainJson where numbers are only measured.
 */
export function parseLenientJson(text: string, parse: (text: string) => unknown = parseJson): LenientJson {
  try {
    return checked(parse(text) as JsonValue, text, undefined);
  } catch (error) {
    const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const quoted = quoteLiterals(bare);
    if (quoted !== text) {
      try {
        const repaired = quoted === bare ? undefined : 'NaN or Infinity, which JSON does not have';
        return checked(parse(quoted) as JsonValue, quoted, repaired);
      } catch {
        // The first error speaks of the text as it stands in the file.
      }
    }
    return { ok: false, reason: error instanceof Error ? error.message : String(error), tooDeep: false };
  }
}

function checked(value: JsonValue, text: string, repaired: string | undefined): LenientJson {
  // Every level takes two characters: short texts need no walk.
  if (text.length > 2 * maxJsonDepth && isTooDeep(value)) {
    return { ok: false, reason: `nested deeper than ${maxJsonDepth} levels`, tooDeep: true };
  }
  return { ok: true, value, repaired };
}

/** What other languages print for numbers that JSON does not have; `1.#INF` and its like come from older Windows. */
const words = /nan|inf|1\.#/i;
const wordOrQuote =
  /"|[-+]?(?:\b(?:infinity|inf|nan(?:\(\w*\))?)(?![\w(])|\b1\.#(?:INF|IND|QNAN|SNAN)0*(?!\w))/gi;

/** Such words outside of texts, in quotes. By hand: regular expressions fail on texts of some megabytes. */
function quoteLiterals(text: string): string {
  if (!words.test(text)) return text;
  let quoted = '';
  let copied = 0;
  wordOrQuote.lastIndex = 0;
  for (let match = wordOrQuote.exec(text); match !== null; match = wordOrQuote.exec(text)) {
    if (match[0] === '"') {
      wordOrQuote.lastIndex = endOfText(text, match.index + 1);
      continue;
    }
    quoted += `${text.slice(copied, match.index)}"${spelled(match[0])}"`;
    copied = wordOrQuote.lastIndex;
  }
  return quoted + text.slice(copied);
}

function spelled(word: string): string {
  if (/nan|ind/i.test(word)) return 'NaN';
  return word.startsWith('-') ? '-Infinity' : 'Infinity';
}

/** Where the text that begins at `from`, behind its quote, is over. */
function endOfText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at += 1;
  }
  return text.length;
}
