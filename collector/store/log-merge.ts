import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaybookError } from '../base/errors.ts';
import { isObject } from '../base/json/json.ts';
import { parsePlainJson } from '../base/json/text.ts';
import { parseTime } from '../base/time.ts';
import { RedactedLines, tombstoneMark } from '../formats/redaction.ts';
import { readRecorded, refuseObstacle } from './recorded-file.ts';

const newline = 10;

/** A log after it took in another one. */
export interface AbsorbedLog {
  /** Its whole lines, without those that a redaction replaced; what follows the last newline may still be being written. */
  lines: Buffer;
  /** How many lines were appended. */
  added: number;
}

/**
 * Gives a log all lines of another one. Lines it lacks are appended, in order of time; the file is never rewritten,
 * because others may be appending to it at this moment.
 */
export function absorbLines(path: string, other: Buffer): AbsorbedLog {
  let added = 0;
  for (let round = 0; round < 5; round++) {
    const own = readOrEmpty(path);
    const whole = own.subarray(0, own.lastIndexOf(newline) + 1);
    const missing = missingLines(whole, other);
    if (missing.length === 0) return { lines: withoutRedacted(whole), added };
    append(path, missing, own.length > whole.length);
    added += missing.length;
    // Read again: someone else's half line may have swallowed the first of ours.
  }
  throw new DaybookError('unwritable', `Lines appended to ${path} do not stay there.`, {
    hint: 'Check what else writes to this file.',
    where: path,
  });
}

/** Lines of another log that a log has not, each once. */
export function linesMissing(log: Buffer, other: Buffer): Buffer {
  const lines = missingLines(log, other);
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

/** Whether a log has every line of another one, in whatever order. */
export function hasAllLines(log: Buffer, other: Buffer): boolean {
  return missingLines(log, other).length === 0;
}

function readOrEmpty(path: string): Buffer {
  try {
    return readRecorded(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Lines of `other` that `own` has not, each once, oldest first; lines without a time stay behind their neighbour. */
function missingLines(own: Buffer, other: Buffer): string[] {
  if (other.length <= own.length && own.subarray(0, other.length).equals(other)) return [];
  // latin1 keeps bytes apart, so that lines that are no valid UTF-8 are compared and copied exactly.
  const known = new Set(linesOf(own));
  const redacted = redactedIn([...known, ...linesOf(other)]);
  const missing: { line: string; atUs: number }[] = [];
  let atUs = Number.NEGATIVE_INFINITY;
  for (const line of linesOf(other)) {
    if (known.has(line) || (!redacted.isEmpty && redacted.replaces(utf8(line)))) continue;
    known.add(line);
    atUs = timeOf(line) ?? atUs;
    missing.push({ line, atUs });
  }
  return missing.sort((a, b) => (a.atUs < b.atUs ? -1 : a.atUs > b.atUs ? 1 : 0)).map(({ line }) => line);
}

/** Lines as latin1 keeps them. */
const utf8 = (line: string) => Buffer.from(line, 'latin1').toString('utf8');

function redactedIn(lines: readonly string[]): RedactedLines {
  const redacted = new RedactedLines();
  for (const line of lines) if (line.includes(tombstoneMark)) redacted.take(utf8(line));
  return redacted;
}

function withoutRedacted(log: Buffer): Buffer {
  if (!log.includes(tombstoneMark)) return log;
  const lines = log.toString('latin1').split('\n');
  const redacted = redactedIn(lines);
  return Buffer.from(lines.filter((line) => !redacted.replaces(utf8(line))).join('\n'), 'latin1');
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => line !== '');
}

function timeOf(line: string): number | undefined {
  try {
    const value: unknown = parsePlainJson(line);
    const text = isObject(value) ? value.timestamp : undefined;
    return typeof text === 'string' ? parseTime(text)?.us : undefined;
  } catch {
    return undefined;
  }
}

function append(path: string, lines: string[], isTorn: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  refuseObstacle(path, 'unwritable');
  const descriptor = openSync(path, 'a');
  try {
    // A torn last line is closed, never cut: its bytes stay for the one who can make something of them.
    const bytes = Buffer.from(`${isTorn ? '\n' : ''}${lines.join('\n')}\n`, 'latin1');
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
