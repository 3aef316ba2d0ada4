import { crc32c } from '../../base/crc32c.ts';

/** What became of a file of records. */
export interface RecordsRead {
  records: number;
  /** Records whose bytes are not those that were written. */
  damaged: number;
  /** Where nothing more could be made out, and why; undefined where the file was read to its end. */
  stop: { at: number; why: 'torn' | 'damaged' } | undefined;
}

const head = 12;
const foot = 4;
/** A length that nobody means. */
const longest = 512 * 1024 * 1024;

/**
 * Goes through a file of TensorFlow's records: a length, its checksum, the bytes, their checksum. A record with damaged bytes
 * is left out; behind a damaged length nothing can be found again. `read` gives up to so many bytes from a place on.
 */
export function eachRecord(
  read: (at: number, length: number) => Buffer,
  size: number,
  visit: (bytes: Buffer) => void,
): RecordsRead {
  const found: RecordsRead = { records: 0, damaged: 0, stop: undefined };
  let at = 0;
  while (at < size) {
    const start = read(at, head);
    if (start.length < head) return { ...found, stop: { at, why: 'torn' } };
    const length = Number(start.readBigUInt64LE(0));
    if (masked(start.subarray(0, 8)) !== start.readUInt32LE(8) || length > longest)
      return { ...found, stop: { at, why: 'damaged' } };
    if (at + head + length + foot > size) return { ...found, stop: { at, why: 'torn' } };
    const bytes = read(at + head, length + foot);
    const data = bytes.subarray(0, length);
    if (masked(data) === bytes.readUInt32LE(length)) visit(data);
    else found.damaged += 1;
    found.records += 1;
    at += head + length + foot;
  }
  return found;
}

/** Checksums are turned and moved, so that they can stand in what is checked again. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
