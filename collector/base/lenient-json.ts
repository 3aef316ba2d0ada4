import type { JsonValue } from './json.ts';

/** What became of a text that should be JSON. */
export type LenientJson =
  | { ok: true; value: JsonValue; repaired: string | undefined }
  | { ok: false; reason: string };

/**
 * Parses JSON as it occurs in the wild: a byte order mark is dropped, and the NaN and Infinity that Python
 * writes become texts, which `repaired` then says.
 */
export function parseLenientJson(text: string): LenientJson {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue, repaired: undefined };
  } catch (error) {
    const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const quoted = bare.replace(literalOrText, (found) => (found.startsWith('"') ? found : `"${found}"`));
    if (quoted !== text) {
      try {
        const value = JSON.parse(quoted) as JsonValue;
        return {
          ok: true,
          value,
          repaired: quoted === bare ? undefined : 'NaN or Infinity, which JSON does not have',
        };
      } catch {
        // The first error speaks of the text as it stands in the file.
      }
    }
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

const literalOrText = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
