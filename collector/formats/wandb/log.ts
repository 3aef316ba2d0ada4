import { crc32 } from 'node:zlib';

/** What became of the log of a run. */
export interface LogRead {
  records: number;
  /** Pieces whose bytes are not those that were written. */
  damaged: number;
  /** Whether the last record ends in the middle. */
  isTorn: boolean;
}

const blockBytes = 32_768;
const headBytes = 7;
const [full, first, last] = [1, 2, 4];
const mark = Buffer.from(':W&B');

/** Whether bytes begin as a .wandb file does. */
export function isWandbLog(bytes: Buffer): boolean {
  return bytes.length >= headBytes && bytes.subarray(0, 4).equals(mark) && bytes.readUInt16LE(4) === 0xbee1;
}

/**
 * Goes through a .wandb file: blocks of 32 KiB with pieces in them, each with checksum, length and kind; a record is one piece,
 * or several in a row. What is damaged is left out, and reading goes on with the next block.
 */
export function eachLogRecord(bytes: Buffer, visit: (record: Buffer) => void): LogRead {
  const found: LogRead = { records: 0, damaged: 0, isTorn: false };
  let pieces: Buffer[] | undefined;
  const skipBlock = (at: number) => {
    found.damaged += 1;
    pieces = undefined;
    return (Math.floor(at / blockBytes) + 1) * blockBytes;
  };
  for (let at = headBytes; at < bytes.length; ) {
    const left = blockBytes - (at % blockBytes);
    if (left < headBytes) {
      at += left;
      continue;
    }
    if (at + headBytes > bytes.length) return { ...found, isTorn: true };
    const [checksum, length, kind] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4), bytes[at + 6]!];
    const end = at + headBytes + length;
    if (length + headBytes > left || kind < full || kind > last) {
      // A writer that took its place and wrote nothing leaves zeros.
      if (checksum === 0 && length === 0 && kind === 0) return { ...found, isTorn: true };
      at = skipBlock(at);
      continue;
    }
    if (end > bytes.length) return { ...found, isTorn: true };
    const data = bytes.subarray(at + headBytes, end);
    if (crc32(bytes.subarray(at + 6, end)) !== checksum) {
      at = skipBlock(at);
      continue;
    }
    at = end;
    if (kind === full || kind === first) pieces = [data];
    else pieces?.push(data);
    if ((kind !== full && kind !== last) || pieces === undefined) continue;
    visit(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
    found.records += 1;
    pieces = undefined;
  }
  return { ...found, isTorn: pieces !== undefined };
}
