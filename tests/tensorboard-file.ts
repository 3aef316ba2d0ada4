import { crc32c } from '../collector/base/crc32c.ts';

/** One field of a message of Protocol Buffers. */
export function field(number: number, wire: 0 | 1 | 2 | 5, value: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + wire), ...(wire === 2 ? [varint(value.length)] : []), value]);
}

/** A whole number as it stands in a message. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; ) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? byte : byte | 0x80);
    if (rest === 0n) return Buffer.from(bytes);
  }
}

/** A number of eight bytes. */
export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

/** A number of four bytes. */
export function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** An event with one number in it. */
export function scalarEvent(
  tag: string,
  step: number,
  value: number,
  wallTime = 1_700_000_000 + step,
): Buffer {
  const summary = field(1, 2, Buffer.concat([field(1, 2, Buffer.from(tag)), field(2, 5, float(value))]));
  return Buffer.concat([field(1, 1, double(wallTime)), field(2, 0, varint(step)), field(5, 2, summary)]);
}

/** A file of events as TensorBoard writes it: the version first, each record with its checksums. */
export function eventFile(events: readonly Buffer[]): Buffer {
  const version = Buffer.concat([field(1, 1, double(1.7e9)), field(3, 2, Buffer.from('brain.Event:2'))]);
  return Buffer.concat([version, ...events].map(record));
}

/** A record of TensorFlow. */
export function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(masked(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(masked(data));
  return Buffer.concat([head, data, foot]);
}

function masked(bytes: Buffer): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
