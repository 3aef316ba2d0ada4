/** CRC-32 of bytes as eight hex digits: cheap proof against accidents, none against intent. */
export function crc32Hex(bytes: Uint8Array | string): string {
  return crc32(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    .toString(16)
    .padStart(8, '0');
}

/**
 * CRC-32 of bytes. The first few are computed here, because loading zlib costs a tenth of the start of a process and
 * most commands check few lines; from then on zlib does it many times faster.
 */
export function crc32(bytes: Uint8Array): number {
  if (ownBytes > 64 * 1024) {
    native ??= process.getBuiltinModule('node:zlib').crc32;
    return native(bytes);
  }
  ownBytes += bytes.length;
  let value = 0xffffffff;
  crcTable ??= makeTable();
  for (let at = 0; at < bytes.length; at += 1) value = crcTable[(value ^ bytes[at]!) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** CRC-32 of bytes behind others whose CRC-32 is `value`: for files that are read in pieces. */
export function crc32On(bytes: Uint8Array, value: number): number {
  return process.getBuiltinModule('node:zlib').crc32(bytes, value);
}

let ownBytes = 0;
let native: ((bytes: Uint8Array) => number) | undefined;

let crcTable: Int32Array | undefined;

/** What each byte does, made from what each half of a byte does: a dozen times quicker than bit by bit. */
function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const low = nibbles[byte & 15]!;
    return nibbles[(low ^ (byte >>> 4)) & 15]! ^ (low >>> 4);
  });
}

const nibbles = [
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
];

/** SHA-256 of bytes as 64 hex digits. The module is loaded on first use: it is a quarter of the start of a process. */
export function sha256Hex(bytes: Uint8Array | string): string {
  const { hash } = process.getBuiltinModule('node:crypto');
  return hash('sha256', bytes, 'hex');
}
