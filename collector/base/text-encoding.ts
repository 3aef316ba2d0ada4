import { isUtf8 } from 'node:buffer';

/** How the bytes of a text were written, where it was not plain UTF-8. */
export type ForeignEncoding =
  | 'utf-8-bom'
  /** With a mark that says in which order the bytes stand; the next two have none. */
  | 'utf-16'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-32'
  /** A guess: such a text may be in any encoding of one byte a character. */
  | 'windows-1252'
  /** UTF-8 with bytes that are none; they are read as U+FFFD. */
  | 'damaged';

/** Reads bytes as text, whatever Unicode they are written in; `encoding` is undefined for plain UTF-8. */
export function decodeBytes(bytes: Uint8Array): { text: string; encoding: ForeignEncoding | undefined } {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  const order = utf32Order(buffer);
  if (order !== undefined) return { text: decodeUtf32(buffer, order), encoding: 'utf-32' };
  const utf16 = utf16At(buffer);
  if (utf16 !== undefined)
    return { text: decodeUtf16(buffer, utf16), encoding: hasUtf16Mark(buffer) ? 'utf-16' : utf16 };
  if (isUtf8(buffer)) {
    const hasMark = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
    return { text: buffer.toString('utf8', hasMark ? 3 : 0), encoding: hasMark ? 'utf-8-bom' : undefined };
  }
  return isSingleByte(buffer)
    ? { text: new TextDecoder('windows-1252').decode(buffer), encoding: 'windows-1252' }
    : { text: buffer.toString('utf8'), encoding: 'damaged' };
}

/** UTF-16 by its mark, or by the zeros that stand between the characters that JSON and YAML begin with. */
export function utf16At(bytes: Uint8Array, at = 0): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (b === 0 && isAscii(a) && (d === undefined ? isSpace(a) : d === 0 && isAscii(c))) return 'utf-16le';
  if (a === 0 && isAscii(b) && (d === undefined ? isSpace(b) : c === 0 && isAscii(d))) return 'utf-16be';
  return undefined;
}

/** UTF-16 as text, its mark left out. */
export function decodeUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string {
  const whole = bytes.subarray(0, bytes.length & ~1);
  const text = (encoding === 'utf-16le' ? whole : Buffer.from(whole).swap16()).toString('utf16le');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Whether UTF-16 says in which order its bytes stand. */
export function hasUtf16Mark(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xff || bytes[at] === 0xfe;
}

function utf32Order(bytes: Buffer): 'little' | 'big' | undefined {
  if (bytes.length < 4) return undefined;
  if (bytes.readUInt32LE(0) === 0xfeff) return 'little';
  return bytes.readUInt32BE(0) === 0xfeff ? 'big' : undefined;
}

function decodeUtf32(bytes: Buffer, order: 'little' | 'big'): string {
  let text = '';
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const code = order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

/** Whether nothing in bytes that are no UTF-8 speaks against one byte a character: no sequence of UTF-8, no controls. */
function isSingleByte(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 ? !isSpace(byte) : byte === 0x7f || unassigned.has(byte)) return false;
    if (byte >= 0xc2 && byte <= 0xf4 && isUtf8(bytes.subarray(at, at + sequenceLength(byte)))) return false;
  }
  return true;
}

function sequenceLength(first: number): number {
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** What Windows-1252 has no character for. */
const unassigned: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

function isAscii(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x20 && byte < 0x7f) || isSpace(byte));
}

function isSpace(byte: number | undefined): boolean {
  return byte === 9 || byte === 10 || byte === 13 || byte === 32;
}
