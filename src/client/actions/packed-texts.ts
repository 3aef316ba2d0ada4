import { byteFinder, isAscii } from './byte-finder.ts';

/** Many short texts in lower case as one run of bytes: what can be kept of a million and searched in an instant. */
export interface PackedTexts {
  bytes: Uint8Array;
  /** Where each text ends; the byte there stands in no UTF-8, so that nothing is found across two texts. */
  ends: Uint32Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const between = 0xff;

/** Packs texts that are UTF-8. */
export function packTexts(texts: ArrayLike<unknown>): PackedTexts {
  const small: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at < texts.length; at++) {
    const text = inSmallLetters(texts[at] as Uint8Array);
    small.push(text);
    length += text.length + 1;
  }
  const bytes = new Uint8Array(length);
  const ends = new Uint32Array(small.length);
  let to = 0;
  for (const [at, text] of small.entries()) {
    bytes.set(text, to);
    to += text.length;
    ends[at] = to;
    bytes[to++] = between;
  }
  // What is ASCII was copied as it stood; its capitals are all that is left.
  for (let at = 0; at < length; at++) if (bytes[at]! >= 0x41 && bytes[at]! <= 0x5a) bytes[at]! += 32;
  return { bytes, ends };
}

/** Calls `onHit` with the number of every text that holds the needle, whose letters are small. */
export function findPacked({ bytes, ends }: PackedTexts, needle: string, onHit: (at: number) => void): void {
  if (needle === '' || !needle.isWellFormed()) return;
  const find = byteFinder(encoder.encode(needle));
  let text = 0;
  for (let at = find(bytes, 0); at >= 0; at = find(bytes, ends[text]! + 1)) {
    text = textAt(ends, at, text);
    onHit(text);
  }
}

function inSmallLetters(text: Uint8Array): Uint8Array {
  return isAscii(text) ? text : encoder.encode(decoder.decode(text).toLowerCase());
}

/** The number of the text in which a byte lies; none before `from`. */
function textAt(ends: Uint32Array, byte: number, from: number): number {
  let [low, high] = [from, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}
