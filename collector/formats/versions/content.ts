import { messageOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { toJson } from '../../base/json/strict.ts';
import { jsonText } from '../../base/json/text.ts';
import { parseLfsPointer } from '../../base/lfs-pointer.ts';
import { decodeBytes, utf16At } from '../../base/text-encoding.ts';
import { pointerRemark } from '../text/file.ts';
import { canonicalJson } from './canonical-json.ts';
import { VersionError } from './errors.ts';
import { type PythonKind, pythonCanonicalTexts, pythonKindOf } from './python.ts';

/** The bytes of data/<version>.data: JSON, also for texts, so that no text can be taken for something else. */
export function serializeContent(value: JsonValue): Buffer {
  return Buffer.from(jsonText(value));
}

/**
 * Makes a value fit for the store; the same value where nothing had to change.
 * @throws VersionError `bad-input` for what JSON cannot hold.
 */
export function contentOf(data: unknown): JsonValue {
  if (data === undefined)
    throw new VersionError('bad-input', 'Expected data to save, found undefined.', {
      hint: 'Hand in any JSON value or text.',
    });
  try {
    return toJson(data, 'data');
  } catch (error) {
    throw new VersionError('bad-input', messageOf(error), {
      hint: 'Convert what JSON cannot hold to a text or a number first.',
      cause: error,
    });
  }
}

/**
 * SHA-256 of the canonical JSON (RFC 8785) of a value, as 64 hex digits; numbers beyond a double count with all digits.
 * @throws VersionError `bad-input` for texts that are no Unicode (half of a surrogate pair).
 */
export function checksumOf(value: JsonValue): string {
  try {
    return sha256Hex(canonicalJson(value));
  } catch (error) {
    throw new VersionError('bad-input', `The data cannot be saved: ${messageOf(error)}.`, {
      hint: 'A text holds half of a surrogate pair; it was probably cut in the middle of a character.',
      cause: error,
    });
  }
}

/** What the bytes of a data file turned out to be. */
export type ReadContent =
  | { kind: 'value'; value: JsonValue; isVerified: boolean; repaired: string | undefined }
  | { kind: 'python'; python: PythonKind }
  | { kind: 'damaged'; expected: string; found: string };

/**
 * Reads data/<version>.data: what Daybook wrote and what the original wrote. The checksum decides what a text is that
 * could be two things, and whether the content is what was saved; without one (null) it is taken as it is.
 */
export function readContent(bytes: Buffer, checksum: string | null): ReadContent {
  const text = utf16At(bytes) === undefined ? bytes.toString('utf8') : decodeBytes(bytes).text;
  const parsed = parseLenientJson(text);
  if (parsed.ok && checksum !== null && isSame(parsed.value, checksum)) return readAs(parsed.value, true);
  const python = pythonKindOf(bytes);
  if (python !== undefined) return { kind: 'python', python };
  if (checksum === null) return readAs(parsed.ok ? parsed.value : text, false);
  if (
    parsed.ok &&
    pythonCanonicalTexts(text).some((canonical) => sha256Hex(asciiJson(canonical)) === checksum)
  )
    return { ...readAs(parsed.value, true), repaired: parsed.repaired };
  if (sha256Hex(bytes) === checksum || isSame(text, checksum)) return readAs(text, true);
  const pointer = parseLfsPointer(bytes);
  const found =
    pointer !== undefined
      ? pointerRemark(pointer).found
      : bytes.length === 0
        ? 'an empty file'
        : `content with ${sha256Hex(bytes).slice(0, 12)}…`;
  return { kind: 'damaged', expected: `content with the checksum ${checksum.slice(0, 12)}…`, found };
}

function readAs(value: JsonValue, isVerified: boolean): Extract<ReadContent, { kind: 'value' }> {
  return { kind: 'value', value, isVerified, repaired: undefined };
}

/** Whether a value is the one that a checksum was made of. */
export function isSame(value: JsonValue, checksum: string): boolean {
  try {
    return checksumOf(value) === checksum;
  } catch {
    return false;
  }
}

/** The original writes its JSON in ASCII before it makes the checksum. */
function asciiJson(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
