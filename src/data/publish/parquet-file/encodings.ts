import { writeVarint } from './thrift.ts';

/** Texts one behind the other, each with its length before it. */
export function plainTexts(texts: readonly string[]): Buffer {
  let room = 0;
  for (const text of texts) room += 4 + text.length * 3;
  let bytes: Buffer = Buffer.allocUnsafe(Math.min(room, 1 << 22));
  let at = 0;
  for (const text of texts) {
    if (at + 4 + text.length * 3 > bytes.length) bytes = grown(bytes, at, 4 + text.length * 3);
    const length = bytes.write(text, at + 4);
    bytes.writeUInt32LE(length, at);
    at += 4 + length;
  }
  return bytes.subarray(0, at);
}

function grown(bytes: Buffer, used: number, more: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + more));
  bytes.copy(larger, 0, 0, used);
  return larger;
}

/**
 * Small whole numbers of `width` bits each: one run where all are the same, else all of them packed (RLE and bit-packing
 * hybrid, with nothing before it).
 */
export function packedNumbers(values: ArrayLike<number>, width: number): Buffer {
  const count = values.length;
  let isSame = true;
  for (let at = 1; at < count && isSame; at++) isSame = values[at] === values[0];
  if (isSame) return repeatedNumber(values[0] ?? 0, count, width);
  const header: number[] = [];
  const groups = Math.ceil(count / 8);
  writeVarint(header, groups * 2 + 1);
  const bytes = Buffer.alloc(header.length + groups * width);
  bytes.set(header);
  packBits(bytes, header.length, values, width);
  return bytes;
}

/** One number so often, as packedNumbers writes it. */
export function repeatedNumber(value: number, count: number, width: number): Buffer {
  const header: number[] = [];
  writeVarint(header, count * 2);
  for (let bits = width, left = value; bits > 0; bits -= 8, left = Math.floor(left / 256))
    header.push(left % 256);
  return Buffer.from(header);
}

/** Puts numbers of at most 53 bits behind each other, the lowest bits first, into bytes that are zero. */
function packBits(bytes: Buffer, from: number, values: ArrayLike<number>, width: number): void {
  let [at, bit] = [from, 0];
  for (let number = 0; number < values.length; number++) {
    let value = values[number]!;
    for (let left = width; left > 0; ) {
      const taken = Math.min(8 - bit, left);
      const scale = 1 << taken;
      const low = value % scale;
      bytes[at]! |= low << bit;
      value = (value - low) / scale;
      left -= taken;
      bit += taken;
      if (bit === 8) [at, bit] = [at + 1, 0];
    }
  }
}

/** How many bits it takes to tell so many values apart. */
export function widthFor(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}

const blockValues = 128;
const packs = 4;

/**
 * Whole numbers as differences (DELTA_BINARY_PACKED): times that rise take two or three bytes. Undefined where numbers lie so
 * far apart that a double does not hold their differences.
 */
export function deltaNumbers(values: ArrayLike<number>): Buffer | undefined {
  let [lowest, highest] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (highest - lowest >= 2 ** 52) return undefined;
  const head: number[] = [];
  for (const value of [blockValues, packs, values.length]) writeVarint(head, value);
  writeZigZag(head, values[0] ?? 0);
  const parts: Buffer[] = [Buffer.from(head)];
  const deltas = new Float64Array(blockValues);
  for (let from = 1; from < values.length; from += blockValues) {
    const count = Math.min(blockValues, values.length - from);
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < count; at++) {
      deltas[at] = values[from + at]! - values[from + at - 1]!;
      if (deltas[at]! < least) least = deltas[at]!;
    }
    for (let at = 0; at < blockValues; at++) deltas[at] = at < count ? deltas[at]! - least : 0;
    parts.push(deltaBlock(deltas, least));
  }
  return Buffer.concat(parts);
}

/** Doubles byte by byte: what they have in common at one place stands together (BYTE_STREAM_SPLIT). */
export function splitNumbers(values: ArrayLike<number>): Buffer {
  const count = values.length;
  const whole = new Uint8Array(Float64Array.from(values).buffer);
  const split = Buffer.allocUnsafe(whole.length);
  for (let byte = 0; byte < 8; byte++)
    for (let at = 0, from = byte, to = byte * count; at < count; at++, from += 8)
      split[to + at] = whole[from]!;
  return split;
}

function deltaBlock(deltas: Float64Array, least: number): Buffer {
  const ofPack = blockValues / packs;
  const head: number[] = [];
  writeZigZag(head, least);
  const widths = Array.from({ length: packs }, (_, pack) => {
    let most = 0;
    for (let at = pack * ofPack; at < (pack + 1) * ofPack; at++) most = Math.max(most, deltas[at]!);
    return most === 0 ? 0 : Math.floor(Math.log2(most)) + 1;
  });
  head.push(...widths);
  const bytes = Buffer.alloc(head.length + widths.reduce((sum, width) => sum + (width * ofPack) / 8, 0));
  bytes.set(head);
  let at = head.length;
  for (const [pack, width] of widths.entries()) {
    packBits(bytes, at, deltas.subarray(pack * ofPack, (pack + 1) * ofPack), width);
    at += (width * ofPack) / 8;
  }
  return bytes;
}

function writeZigZag(to: number[], value: number): void {
  writeVarint(to, value < 0 ? -2 * value - 1 : 2 * value);
}
