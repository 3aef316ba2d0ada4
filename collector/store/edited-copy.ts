import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Whole lines that are to go from a log; where others stand there, nothing is changed. */
export interface LogCut {
  offset: number;
  /** Of the lines with their newlines. */
  length: number;
  /** SHA-256 of these bytes, in hex. */
  sha256: string;
}

/** One place of a log that is to become something else. */
export interface LogEdit {
  /** Where the bytes stand in the file. */
  offset: number;
  /** The bytes that stand there now, whole lines with their newlines; where others do, nothing is changed. */
  bytes: Buffer;
  /** What shall stand there: whole lines, or nothing. */
  replacement: Buffer;
}

const chunkBytes = 1024 * 1024;
const newline = 10;

/**
 * Writes a new file with the whole lines of another one and all edits made, and flushes it. Returns up to where the
 * other was copied; undefined (and the copy is worth nothing) where an edit does not fit what stands there.
 */
export function copyEdited(
  source: number,
  path: string,
  edits: readonly (LogEdit | LogCut)[],
): number | undefined {
  const ordered = [...edits].sort((a, b) => a.offset - b.offset);
  const end = endOfLines(source, fstatSync(source).size);
  const target = openSync(path, 'wx');
  try {
    let at = 0;
    for (const edit of ordered) {
      const { offset } = edit;
      const after = offset + lengthOf(edit);
      if (offset < at || after > end || !stands(source, edit)) return undefined;
      copyRange(source, target, at, offset);
      if ('replacement' in edit) writeWhole(target, edit.replacement);
      at = after;
    }
    copyRange(source, target, at, end);
    fsyncSync(target);
    return end;
  } finally {
    closeSync(target);
  }
}

/** Where the last whole line among the first `size` bytes ends. */
export function endOfLines(descriptor: number, size: number): number {
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - chunkBytes);
    const at = readRange(descriptor, from, end - from).lastIndexOf(newline);
    if (at !== -1) return from + at + 1;
    end = from;
  }
  return 0;
}

/** Bytes of a file, fewer where it ends. */
export function readRange(descriptor: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const taken = readSync(descriptor, bytes, done, length - done, from + done);
    if (taken === 0) break;
    done += taken;
  }
  return bytes.subarray(0, done);
}

/** SHA-256 of a range of a file, in hex. */
export function digestOfRange(descriptor: number, from: number, length: number): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (let at = from; at < from + length; at += chunkBytes)
    hash.update(readRange(descriptor, at, Math.min(chunkBytes, from + length - at)));
  return hash.digest('hex');
}

function lengthOf(edit: LogEdit | LogCut): number {
  return 'replacement' in edit ? edit.bytes.length : edit.length;
}

function stands(source: number, edit: LogEdit | LogCut): boolean {
  if ('replacement' in edit) return readRange(source, edit.offset, edit.bytes.length).equals(edit.bytes);
  return digestOfRange(source, edit.offset, edit.length) === edit.sha256;
}

function copyRange(source: number, target: number, from: number, to: number): void {
  for (let at = from; at < to; at += chunkBytes) {
    writeWhole(target, readRange(source, at, Math.min(chunkBytes, to - at)));
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
