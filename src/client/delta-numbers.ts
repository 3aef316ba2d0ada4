import { readVarInt, readZigZagBigInt } from 'hyparquet/src/thrift.js';
import type { Reader } from './flat-pages.ts';

/**
 * Whole numbers that are written as differences (DELTA_BINARY_PACKED): those of 64 bits, read without the big integers that
 * take a hundred times as long. Times in microseconds are exact; undefined where a number is too large to be.
 */
export function deltaNumbers(reader: Reader, count: number): Float64Array | undefined {
  const numbers = new Float64Array(count);
  const blockSize = readVarInt(reader);
  const packs = readVarInt(reader);
  readVarInt(reader);
  let value = Number(readZigZagBigInt(reader));
  if (count > 0) numbers[0] = value;
  const ofPack = blockSize / packs;
  for (let at = 1; at < count; ) {
    const least = Number(readZigZagBigInt(reader));
    const widths = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, packs);
    reader.offset += packs;
    for (let pack = 0; pack < packs && at < count; pack++) {
      const width = widths[pack]!;
      if (width > 52) return undefined;
      const end = Math.min(count, at + ofPack);
      for (let bit = 0; at < end; at++, bit += width) {
        value += least + bitsAt(reader, bit, width);
        numbers[at] = value;
      }
      reader.offset += (ofPack * width) / 8;
    }
  }
  return numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

/** The number that `width` bits hold from a bit on; the lowest come first. */
function bitsAt({ view, offset }: Reader, bit: number, width: number): number {
  let value = 0;
  let scale = 1;
  for (let left = width, at = bit; left > 0; ) {
    const shift = at & 31;
    const taken = Math.min(32 - shift, left);
    const word = view.getUint32(offset + ((at >>> 5) << 2), true) >>> shift;
    value += (taken === 32 ? word : word & (2 ** taken - 1)) * scale;
    scale *= 2 ** taken;
    left -= taken;
    at += taken;
  }
  return value;
}
