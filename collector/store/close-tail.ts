import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { writeErrorOf } from '../base/system-error.ts';
import { endOfLines, readRange } from './edited-copy.ts';
import { readLineAt } from './read-file.ts';

/**
 * Ends a last line that has no line break, which may belong to a writer that died, so that the next line stands apart from
 * it. Returns that line; undefined where there is none.
 */
export function closeTail(path: string): { line: number; offset: number; bytes: Buffer } | undefined {
  const descriptor = openSync(path, 'r');
  let offset: number;
  try {
    const { size } = fstatSync(descriptor);
    offset = endOfLines(descriptor, size);
    if (offset === size) return undefined;
  } finally {
    closeSync(descriptor);
  }
  appendLineBreak(path);
  return { line: lineNumberAt(path, offset), offset, bytes: readLineAt(path, offset) };
}

function lineNumberAt(path: string, offset: number): number {
  const descriptor = openSync(path, 'r');
  let line = 1;
  try {
    const step = 1024 * 1024;
    for (let at = 0; at < offset; at += step) {
      const bytes = readRange(descriptor, at, Math.min(step, offset - at));
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, end + 1)) line += 1;
    }
    return line;
  } finally {
    closeSync(descriptor);
  }
}

function appendLineBreak(path: string): void {
  try {
    const descriptor = openSync(path, 'a');
    try {
      writeSync(descriptor, '\n');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}
