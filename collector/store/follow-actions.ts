import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bookPath } from '../base/paths.ts';
import type { ActionRecord } from '../formats/action.ts';
import type { Finding } from '../formats/finding.ts';
import { listLogSegments } from './layout.ts';
import { parseLine } from './line-parser.ts';

/** How to follow. */
export interface FollowOptions {
  signal: AbortSignal;
  report: (finding: Finding) => void;
  /** Milliseconds between looks at the files; default 200. */
  pollMs?: number;
}

/**
 * Calls `visit` for every action appended from now on, to any plain file of the log, until the signal aborts. A line
 * is visited when its newline stands in the file, never earlier.
 */
export async function followActions(
  root: string,
  visit: (record: ActionRecord) => void,
  options: FollowOptions,
): Promise<void> {
  const positions = new Map<string, Position>();
  const look = (isFirst: boolean) => {
    for (const { path, compression } of listLogSegments(root)) {
      if (compression !== 'none' || !existsSync(path)) continue;
      const position = positions.get(path) ?? { at: isFirst ? endOfLines(path) : 0, rest: Buffer.alloc(0) };
      positions.set(path, position);
      readOn(root, path, position, visit, options.report);
    }
  };
  look(true);
  while (!options.signal.aborted) {
    await setTimeout(options.pollMs ?? 200, undefined, { signal: options.signal }).catch(() => undefined);
    look(false);
  }
}

interface Position {
  at: number;
  /** Bytes of a line whose newline has not come yet. */
  rest: Buffer;
}

const newline = 10;
const chunkBytes = 256 * 1024;

/** Where the last whole line ends: a line being written now is still to come. */
function endOfLines(path: string): number {
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - chunkBytes);
      const block = Buffer.allocUnsafe(end - from);
      readSync(descriptor, block, 0, block.length, from);
      const at = block.lastIndexOf(newline);
      if (at !== -1) return from + at + 1;
      end = from;
    }
    return 0;
  } finally {
    closeSync(descriptor);
  }
}

function readOn(
  root: string,
  path: string,
  position: Position,
  visit: (record: ActionRecord) => void,
  report: (finding: Finding) => void,
): void {
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    if (size < position.at) {
      position.at = size;
      position.rest = Buffer.alloc(0);
    }
    while (position.at < size) {
      const block = Buffer.allocUnsafe(Math.min(chunkBytes, size - position.at));
      const bytes = readSync(descriptor, block, 0, block.length, position.at);
      if (bytes === 0) return;
      position.at += bytes;
      const joined = Buffer.concat([position.rest, block.subarray(0, bytes)]);
      position.rest = Buffer.from(visitLines(joined, bookPath(root, path), visit, report));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Visits the whole lines and returns what follows them. */
function visitLines(
  bytes: Buffer,
  file: string,
  visit: (record: ActionRecord) => void,
  report: (finding: Finding) => void,
): Buffer {
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (line.toString('latin1').trim() === '') continue;
    const { record, finding } = parseLine(line, file, 0);
    if (finding !== undefined) report(finding);
    if (record !== undefined) visit(record);
  }
  return bytes.subarray(start);
}
