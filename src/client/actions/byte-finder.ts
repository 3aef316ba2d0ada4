const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of UTF-8 with the letters A to Z as small ones. */
const small = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

/**
 * Says of UTF-8 texts whether they hold a needle; upper and lower case are the same, exactly as where both are strings in
 * lower case. Most texts are compared byte for byte and never become strings: that is what a million of them can afford.
 */
export function textFinder(needle: string): (text: Uint8Array) => boolean {
  const wanted = needle.toLowerCase();
  const hasString = (text: Uint8Array) =>
    !isAscii(text) && decoder.decode(text).toLowerCase().includes(wanted);
  const bytes = encoder.encode(wanted);
  if (!isAscii(bytes)) return hasString;
  const find = byteFinder(bytes);
  // The Kelvin sign and the Turkish İ are the only letters outside ASCII that become letters of it, k and i.
  if (!/[ki]/.test(wanted)) return (text) => find(text, 0) >= 0;
  return (text) => find(text, 0) >= 0 || hasString(text);
}

/** The place of bytes in others, from a place on, or -1 (Horspool's way). Letters A to Z in the others count as small ones. */
export function byteFinder(wanted: Uint8Array): (bytes: Uint8Array, from: number) => number {
  const last = wanted.length - 1;
  const lastByte = wanted[last];
  const skip = new Uint8Array(256).fill(Math.min(255, wanted.length));
  for (let at = 0; at < last; at++) skip[wanted[at]!] = Math.min(255, last - at);
  for (let byte = 0; byte < 256; byte++) skip[byte] = skip[small[byte]!]!;
  return (bytes, from) => {
    for (let end = from + last; end < bytes.length; end += skip[bytes[end]!]!) {
      if (small[bytes[end]!] !== lastByte) continue;
      let at = last;
      while (at > 0 && small[bytes[end - last + at - 1]!] === wanted[at - 1]) at -= 1;
      if (at === 0) return end - last;
    }
    return -1;
  };
}

/** Whether UTF-8 bytes are ASCII alone. */
export function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 0x7f) return false;
  return true;
}
