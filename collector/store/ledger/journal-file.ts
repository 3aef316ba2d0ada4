import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { flushFolder, writeFlushed } from '../../base/atomic-file.ts';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { type MovedRun, parseJournal, serializeHeader } from '../../formats/ledger/journal.ts';
import { openRecorded, refuseObstacle } from '../recorded-file.ts';

/** Which journal lies at a path, and how long it is; "none" and 0 where there is none. */
export interface JournalHead {
  journal: string;
  size: number;
  shared: boolean;
  moved: readonly MovedRun[];
}

/** Where there is no journal. */
export const noJournal: JournalHead = { journal: 'none', size: 0, shared: false, moved: [] };

/** Looks at the first line of a journal. */
export function readJournalHead(path: string): JournalHead {
  const descriptor = openIfAny(path);
  if (descriptor === undefined) return noJournal;
  try {
    const { size } = fstatSync(descriptor);
    const { header } = parseJournal(readFirstLine(descriptor, size), '');
    return {
      journal: header?.journal ?? (size === 0 ? 'none' : 'nameless'),
      size,
      shared: header?.shared ?? false,
      moved: header?.moved ?? [],
    };
  } finally {
    closeSync(descriptor);
  }
}

function readFirstLine(descriptor: number, size: number): Buffer {
  for (let length = 2048; ; length *= 4) {
    const bytes = readRange(descriptor, 0, Math.min(size, length));
    const end = bytes.indexOf(10);
    if (end !== -1 || length >= size) return bytes.subarray(0, end + 1);
  }
}

/** The bytes of a journal from an offset on. */
export function readJournalFrom(path: string, offset: number): Buffer {
  const descriptor = openIfAny(path);
  if (descriptor === undefined) return Buffer.alloc(0);
  try {
    return readRange(descriptor, offset, Math.max(0, fstatSync(descriptor).size - offset));
  } finally {
    closeSync(descriptor);
  }
}

/** A journal may be folded away at any moment: it is opened without asking first whether it is there. */
function openIfAny(path: string): number | undefined {
  try {
    return openRecorded(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a line came to stand; `isClean` is false where someone else wrote or replaced the journal in the meantime. */
export interface Appended {
  head: JournalHead;
  isClean: boolean;
  /** Still open, for flushing once the lock is free: others need not wait for the disk. Anyone who gets it closes it. */
  descriptor: number;
  /** The journal is a new one: its folder is to be flushed, too. */
  isNew: boolean;
}

/**
 * Appends one line. `known` is what the writer had read before: if anything but a dead writer's fragment and our own bytes
 * stands behind it, someone else wrote at the same time, and the caller must look who was first.
 */
export function appendToJournal(path: string, known: JournalHead, line: Buffer): Appended {
  let descriptor: number | undefined;
  try {
    refuseObstacle(path, 'unwritable');
    descriptor = openForAppending(path);
    const { size } = fstatSync(descriptor);
    const head = size === 0 ? { ...known, journal: newName() } : known;
    const bytes = Buffer.concat([...beginning(path, head, known, size), line]);
    writeWhole(descriptor, bytes, path);
    const end = fstatSync(descriptor).size;
    const isClean =
      wasAlone(descriptor, known, size) && end === size + bytes.length && isNamed(descriptor, path);
    return { head: { ...head, size: end }, isClean, descriptor, isNew: size === 0 };
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw writeErrorOf(path, error);
  }
}

function openForAppending(path: string): number {
  try {
    return openSync(path, 'a+');
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a+');
  }
}

/** Makes what was appended survive a power cut, and closes the file. */
export function flushAppended({ descriptor, isNew }: Appended, path: string): void {
  try {
    fdatasyncSync(descriptor);
    if (isNew) flushFolder(dirname(path));
  } catch (error) {
    throw writeErrorOf(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether nobody had written whole lines behind what was known, when our line came. */
function wasAlone(descriptor: number, known: JournalHead, size: number): boolean {
  if (size === 0) return known.journal === 'none';
  if (size <= known.size) return size === known.size;
  return !readRange(descriptor, known.size, size - known.size).includes(10);
}

/** What stands before the line: the header of a new journal, or the newline that ends a dead writer's fragment. */
function beginning(path: string, head: JournalHead, known: JournalHead, size: number): Buffer[] {
  if (size === 0) return [headerOf(path, head)];
  return size > known.size ? [Buffer.from('\n')] : [];
}

/** What a new journal begins with. */
export interface JournalStart {
  lines: readonly Buffer[];
  shared: boolean;
  moved: readonly MovedRun[];
}

/**
 * Puts a new journal in the place of one whose operations, up to `consumed.size`, the ledger now holds; one that would say
 * nothing is none any more. What was appended to the old one in the last moment is taken over.
 */
export function replaceJournal(
  path: string,
  consumed: JournalHead,
  { lines, shared, moved }: JournalStart,
): JournalHead {
  const isNeeded = lines.length > 0 || shared || moved.length > 0;
  if (consumed.journal === 'none' && !isNeeded) {
    removeEmpty(path);
    return consumed;
  }
  if (lines.length === 0 && isNeeded && isHeaderOnly(path, consumed, shared, moved)) return consumed;
  const old = consumed.journal === 'none' ? undefined : openRecorded(path);
  try {
    const head: JournalHead = { journal: newName(), size: 0, shared, moved };
    const bytes = Buffer.concat([headerOf(path, head), ...lines]);
    if (isNeeded) putInPlace(path, bytes);
    else rmSync(path, { force: true });
    const late = old === undefined ? Buffer.alloc(0) : lateLines(old, consumed.size);
    if (late.length > 0) return appendLate(path, { ...head, size: bytes.length }, late);
    return isNeeded ? { ...head, size: bytes.length } : noJournal;
  } finally {
    if (old !== undefined) closeSync(old);
  }
}

/** A journal without a byte is left by a disk that was full; who is about to write to it finds that it is gone. */
function removeEmpty(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) rmSync(path, { force: true });
}

/** Whether the journal says already what a new one would say. */
function isHeaderOnly(
  path: string,
  consumed: JournalHead,
  shared: boolean,
  moved: readonly MovedRun[],
): boolean {
  if (consumed.shared !== shared || moved.length !== consumed.moved.length) return false;
  return headerOf(path, consumed).length === consumed.size && readJournalHead(path).size === consumed.size;
}

function appendLate(path: string, head: JournalHead, lines: Buffer): JournalHead {
  const appended = appendToJournal(path, head, lines);
  flushAppended(appended, path);
  return appended.head;
}

function putInPlace(path: string, bytes: Buffer): void {
  const temporary = temporaryPathFor(path);
  writeFlushed(temporary, bytes);
  renameSync(temporary, path);
  flushFolder(dirname(path));
}

function lateLines(descriptor: number, from: number): Buffer {
  const rest = readRange(descriptor, from, Math.max(0, fstatSync(descriptor).size - from));
  return rest.subarray(0, rest.lastIndexOf(10) + 1);
}

function headerOf(path: string, head: JournalHead): Buffer {
  const ledger = basename(path).replace(/\.journal\.jsonl$/, '.json');
  return serializeHeader({
    journal: head.journal,
    ledger,
    shared: head.shared,
    moved: head.moved,
  });
}

function newName(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

function isNamed(descriptor: number, path: string): boolean {
  const named = statSync(path, { throwIfNoEntry: false, bigint: true });
  return named?.ino === fstatSync(descriptor, { bigint: true }).ino;
}

function readRange(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const bytes = readSync(descriptor, buffer, done, length - done, position + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return buffer.subarray(0, done);
}

function writeWhole(descriptor: number, bytes: Buffer, path: string): void {
  const taken = writeSync(descriptor, bytes);
  if (taken === bytes.length) return;
  // The disk was full for a moment: a newline ends the fragment, and the line is written once more.
  const again = Buffer.concat([Buffer.from('\n'), bytes]);
  if (writeSync(descriptor, again) === again.length) return;
  throw new DaybookError('disk-full', `A line could not be written whole to ${path}.`, {
    where: path,
    hint: 'Free some space and run the command again.',
  });
}
