import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** CRC-32 of bytes as eight hex digits: cheap proof against accidents, none against intent. */
export function crc32Hex(bytes: Uint8Array | string): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

/** SHA-256 of bytes as 64 hex digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
