import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { flushFolder, removeQuietly } from '../base/atomic-file.ts';
import { systemCodeOf } from '../base/errors.ts';
import { LineSplitter } from '../base/lines.ts';
import { writersOf } from '../base/processes.ts';
import { replacedPrefix } from '../base/temporary-name.ts';
import { openAppendLog } from './append-log.ts';
import { endOfLines, readRange } from './edited-copy.ts';

/** A file that was a log, and is kept until nobody writes to it any more. */
export interface ReplacedLog {
  path: string;
  /** The log whose place it had. */
  log: string;
  /** All bytes before this place are in the log, as they are or changed. */
  from: number;
  sinceMs: number;
}

/**
 * What happens to a replaced file where the system does not show what every process has open: it stays for an hour, or
 * goes as soon as none is known that has it open (because it held what must not be kept).
 */
export type WhenUnsure = 'keep' | 'drop';

const namePattern = /^\.daybook-tmp-old-(\d+)-(\d+)-\d+-(.+)$/;

const pauseMs = 25;
const maxRounds = 10;
const unknownMs = 60 * 60 * 1000;

/** A second name for a log of which the bytes before `from` are dealt with. */
export function replacedPathFor(log: string, from: number, sinceMs: number): ReplacedLog {
  for (let number = 1; ; number++) {
    const path = join(dirname(log), `${replacedPrefix}${from}-${sinceMs}-${number}-${basename(log)}`);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return { path, log, from, sinceMs };
  }
}

/** All replaced logs in a folder. */
export function listReplaced(folder: string): ReplacedLog[] {
  return namesIn(folder).flatMap((name) => {
    const match = namePattern.exec(name);
    return match === null
      ? []
      : [
          {
            path: join(folder, name),
            log: join(folder, match[3]!),
            from: Number(match[1]),
            sinceMs: Number(match[2]),
          },
        ];
  });
}

/**
 * Appends to the log what was appended to the file that it replaced, until nobody has that open for writing; then the
 * file goes. Returns who still has it open after some rounds: it then stays for the next call.
 */
export async function takeInReplaced(
  log: string,
  replaced: ReplacedLog,
  { whenUnsure = 'keep', rounds = maxRounds }: { whenUnsure?: WhenUnsure; rounds?: number } = {},
): Promise<number[]> {
  if (isSameFile(log, replaced.path)) {
    // Its maker was stopped before the exchange: the log is what it was.
    removeQuietly(replaced.path);
    return [];
  }
  sayReplaced(replaced.path);
  let current = replaced;
  for (let round = 1; ; round++) {
    // Asked before reading: who opens the log from now on gets the new one, so what is read then is the last of it.
    const { pids, isComplete } = writersOf(current.path);
    const isSure = isComplete || whenUnsure === 'drop' || Date.now() - replaced.sinceMs > unknownMs;
    const isLast = pids.length === 0 && isSure;
    current = await takeIn(log, current, isLast);
    if (isLast) {
      removeQuietly(current.path);
      flushFolder(dirname(log));
      return [];
    }
    if (pids.length === 0 || round >= rounds) return pids;
    await sleep(pauseMs);
  }
}

/**
 * A line break behind all that was appended: an appender that finds it before its own line looks where the log is now.
 * Lines that stand before it are ours to take in.
 */
function sayReplaced(path: string): void {
  const descriptor = openSync(path, 'a');
  writeSync(descriptor, '\n');
  closeSync(descriptor);
}

async function takeIn(log: string, replaced: ReplacedLog, isLast: boolean): Promise<ReplacedLog> {
  const descriptor = openSync(replaced.path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    // What follows the last newline may still be being written, unless nobody is there to write it.
    const end = isLast ? size : Math.max(replaced.from, endOfLines(descriptor, size));
    if (end === replaced.from) return replaced;
    await appendMissing(log, readRange(descriptor, replaced.from, end - replaced.from));
    const next = replacedPathFor(log, end, replaced.sinceMs);
    renameSync(replaced.path, next.path);
    return next;
  } finally {
    closeSync(descriptor);
  }
}

/** Appenders of ours append again themselves: only what the log has not is appended. */
async function appendMissing(log: string, bytes: Buffer): Promise<void> {
  // latin1 keeps bytes apart, whatever they mean.
  const missing = new Set(
    bytes
      .toString('latin1')
      .split('\n')
      .map(withoutReturn)
      .filter((line) => line !== ''),
  );
  forgetKnown(log, missing);
  if (missing.size === 0) return;
  const target = openAppendLog(log);
  for (const line of missing) target.append(Buffer.from(`${line}\n`, 'latin1'));
  await target.close();
  const descriptor = openSync(log, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function forgetKnown(log: string, missing: Set<string>): void {
  const splitter = new LineSplitter((line) => {
    if (line !== undefined) missing.delete(line.toString('latin1'));
  });
  const descriptor = openSync(log, 'r');
  try {
    const step = 1024 * 1024;
    for (let at = 0; missing.size > 0; at += step) {
      const chunk = readRange(descriptor, at, step);
      splitter.push(chunk);
      if (chunk.length < step) break;
    }
    splitter.end();
  } finally {
    closeSync(descriptor);
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isSameFile(one: string, other: string): boolean {
  const a = statSync(one, { bigint: true, throwIfNoEntry: false });
  const b = statSync(other, { bigint: true, throwIfNoEntry: false });
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
