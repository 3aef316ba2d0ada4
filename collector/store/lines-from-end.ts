import { closeSync, fstatSync, readSync } from 'node:fs';
import { openRecorded } from './recorded-file.ts';

const blockBytes = 64 * 1024;
const newline = 10;
const carriageReturn = 13;

/** A line met on the way from the end of a file to its beginning. */
export interface EndLine {
  /** Without newline; never empty. */
  bytes: Buffer;
  /** False for what follows the last newline. */
  terminated: boolean;
}

/** The lines of a file from the last to the first, reading only as much as is asked for. */
export function* linesFromEnd(path: string): Generator<EndLine> {
  const descriptor = openRecorded(path);
  try {
    let start = fstatSync(descriptor).size;
    let terminated = false;
    let step = blockBytes;
    let held: Buffer[] = [];
    while (start > 0) {
      const from = Math.max(0, start - step);
      const block = Buffer.allocUnsafe(start - from);
      readSync(descriptor, block, 0, block.length, from);
      start = from;
      let end = block.length;
      for (
        let at = block.lastIndexOf(newline);
        at !== -1;
        at = at === 0 ? -1 : block.lastIndexOf(newline, at - 1)
      ) {
        const line = trimmed(Buffer.concat([block.subarray(at + 1, end), ...held]));
        held = [];
        if (line.length > 0) yield { bytes: line, terminated };
        terminated = true;
        end = at;
      }
      held.unshift(block.subarray(0, end));
      // A line longer than the block: growing steps keep the number of pieces small.
      step = held.length > 1 ? step * 2 : blockBytes;
    }
    const first = trimmed(Buffer.concat(held));
    if (first.length > 0) yield { bytes: first, terminated };
  } finally {
    closeSync(descriptor);
  }
}

function trimmed(line: Buffer): Buffer {
  return line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line;
}
