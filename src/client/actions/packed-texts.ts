import { isAscii } from './byte-finder.ts';

/** Many short texts in small letters as one string: what can be kept of a million and searched in an instant. */
export interface PackedTexts {
  text: string;
  /** Where each text ends, and the next one begins. */
  ends: Uint32Array;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Packs texts that are UTF-8. */
export function packTexts(texts: ArrayLike<unknown>): PackedTexts {
  const ends = new Uint32Array(texts.length);
  let length = 0;
  for (let at = 0; at < ends.length; at++) {
    length += (texts[at] as Uint8Array).length;
    ends[at] = length;
  }
  const bytes = new Uint8Array(length);
  for (let at = 0; at < ends.length; at++) bytes.set(texts[at] as Uint8Array, at === 0 ? 0 : ends[at - 1]!);
  if (!isAscii(bytes)) return packOthers(texts);
  for (let at = 0; at < length; at++) if (bytes[at]! >= 0x41 && bytes[at]! <= 0x5a) bytes[at]! += 32;
  return { text: decoder.decode(bytes), ends };
}

/** Beyond ASCII small letters may be longer, and depend on what stands around them: each text is taken by itself. */
function packOthers(texts: ArrayLike<unknown>): PackedTexts {
  let length = 0;
  const small = Array.from(texts, (text) => decoder.decode(text as Uint8Array).toLowerCase());
  return { text: small.join(''), ends: Uint32Array.from(small, (text) => (length += text.length)) };
}

/** Calls `onHit` with the number of every text that holds the needle, whose letters are small. */
export function findPacked({ text, ends }: PackedTexts, needle: string, onHit: (at: number) => void): void {
  if (needle === '' || !needle.isWellFormed()) return;
  let number = 0;
  for (let at = text.indexOf(needle); at >= 0; ) {
    number = textAt(ends, at, number);
    const end = ends[number]!;
    const isInside = at + needle.length <= end;
    if (isInside) onHit(number);
    at = text.indexOf(needle, isInside ? end : at + 1);
  }
}

/** The number of the text in which a letter lies; none before `from`. */
function textAt(ends: Uint32Array, letter: number, from: number): number {
  let [low, high] = [from, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= letter) low = middle + 1;
    else high = middle;
  }
  return low;
}
