import { sha256Hex } from '../base/hash.ts';

/** Where names of ours begin that other tools take for addresses; nothing can be fetched there. */
export const ownNames = 'urn:daybook:';

/** Daybook's name space for UUIDs of version 5. */
const nameSpace = Buffer.from('5b1f3c0e7d0a4f0d9a4be2d3a6c1f870', 'hex');

/** The UUID (version 5) of a name: the same everywhere and always. */
export function uuidOf(name: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const bytes = createHash('sha1').update(nameSpace).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [8, 12, 16, 20, 32].map((end, at) => hex.slice([0, 8, 12, 16, 20][at], end)).join('-');
}

/** So many hex digits that stand for a name; never all zero, which OpenTelemetry takes for none. */
export function hexOf(name: string, digits: number): string {
  const hex = sha256Hex(name).slice(0, digits);
  return /^0+$/.test(hex) ? hex.replace(/.$/, '1') : hex;
}

/** Text as part of an address of ours. */
export const namePart = (text: string) => encodeURIComponent(text).replaceAll('%2F', '/');
