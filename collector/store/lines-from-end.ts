import { closeSync, fstatSync, readSync } from 'node:fs';
import { longestLineBytes } from '../base/lines.ts';
import { openRecorded } from './recorded-file.ts';
import { openLogBytes } from './segments/log-bytes.ts';

const blockBytes = 64 * 1024;
const maxStepBytes = 4 * 1024 * 1024;
const newline = 10;
const carriageReturn = 13;

/** A line met on the way from the end of a file to its beginning. */
export interface EndLine {
  /** Without newline; never empty. Undefined for a line too long to hold. */
  bytes: Buffer | undefined;
  /** False for what follows the last newline. */
  terminated: boolean;
}

/** The lines of a file from the last to the first, reading only as much as is asked for. */
export function* linesFromEnd(path: string): Generator<EndLine> {
  const file = openLogBytes(path);
  try {
    let start = file.size;
    let terminated = false;
    let step = blockBytes;
    let held: Buffer[] = [];
    let heldBytes = 0;
    while (start > 0) {
      const from = Math.max(0, start - step);
      const block = file.read(from, start - from);
      start = from;
      let end = block.length;
      for (
        let at = block.lastIndexOf(newline);
        at !== -1;
        at = at === 0 ? -1 : block.lastIndexOf(newline, at - 1)
      ) {
        yield* lineOf(block.subarray(at + 1, end), held, heldBytes, terminated);
        held = [];
        heldBytes = 0;
        terminated = true;
        end = at;
      }
      heldBytes += end;
      if (heldBytes > longestLineBytes) held = [];
      else held.unshift(block.subarray(0, end));
      // A line longer than the block: growing steps keep the number of pieces small.
      step = heldBytes > step ? Math.min(step * 2, maxStepBytes) : blockBytes;
    }
    yield* lineOf(Buffer.alloc(0), held, heldBytes, terminated);
  } finally {
    file.close();
  }
}

/** The first and the last bytes of a file, which tell how it is written. */
export function peekEnds(path: string): { head: Buffer; tail: Buffer } {
  const descriptor = openRecorded(path);
  try {
    const { size } = fstatSync(descriptor);
    const read = (length: number, from: number) => {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from));
    };
    const tailBytes = Math.min(4096, size);
    return { head: read(Math.min(1024, size), 0), tail: read(tailBytes, size - tailBytes) };
  } finally {
    closeSync(descriptor);
  }
}

function* lineOf(start: Buffer, held: Buffer[], heldBytes: number, terminated: boolean): Generator<EndLine> {
  if (heldBytes > longestLineBytes) {
    yield { bytes: undefined, terminated };
    return;
  }
  const bytes = trimmed(Buffer.concat([start, ...held]));
  if (bytes.length > 0) yield { bytes, terminated };
}

function trimmed(line: Buffer): Buffer {
  return line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line;
}
