import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { flushFolder, writeErrorOf } from '../base/atomic-file.ts';
import { DaybookError } from '../base/errors.ts';
import type { Durability } from '../formats/config.ts';
import { refuseObstacle } from './recorded-file.ts';

/** A log that several processes may append to at once without a lock. */
export interface AppendLog {
  /** Appends one line (newline included) and returns when it stands in the file; with `sync`, when it is on disk. */
  append(line: Buffer): void;
  /** Appends one line and resolves when it is as durable as promised; calls that wait together share one flush. */
  appendShared(line: Buffer): Promise<void>;
  /** Flushes what waits and closes the file. */
  close(): Promise<void>;
}

const batchMs = 50;
const mostTries = 8;
const newline = 10;
const flush = promisify(fdatasync);

/**
 * Opens a log for appending. One line is one write; afterwards the writer reads its own bytes back. If a neighbour
 * died half way through a line, ours is glued to its fragment and would be lost: then it is appended once more,
 * behind a newline. Readers take two lines of one id as one record.
 * @throws DaybookError `unwritable` or `disk-full`.
 */
export function openAppendLog(path: string, durability: Durability = 'os'): AppendLog {
  return new LockFreeLog(path, durability);
}

class LockFreeLog implements AppendLog {
  readonly #path: string;
  readonly #durability: Durability;
  #descriptor: number;
  #end: number;
  #check = Buffer.allocUnsafe(16 * 1024);
  #waiting: { line: Buffer; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  readonly #keepFailure = (error: unknown) => {
    this.#failure ??= error;
  };

  constructor(path: string, durability: Durability) {
    this.#path = path;
    this.#durability = durability;
    this.#descriptor = this.#open();
    this.#end = fstatSync(this.#descriptor).size;
  }

  append(line: Buffer): void {
    this.#write(line);
    if (this.#durability === 'sync') this.#flushNow(line);
    else if (this.#durability === 'batch') this.#await(line, () => {}, this.#keepFailure);
  }

  appendShared(line: Buffer): Promise<void> {
    this.#write(line);
    if (this.#durability === 'os') return Promise.resolve();
    return new Promise((resolve, reject) => this.#await(line, resolve, reject));
  }

  /** @throws what a flush said that nobody waited for; the file is closed all the same. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#flushing;
    if (this.#waiting.length > 0) await this.#flushWaiting();
    closeSync(this.#descriptor);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #await(line: Buffer, resolve: () => void, reject: (error: unknown) => void): void {
    this.#waiting.push({ line, resolve, reject });
    if (this.#durability === 'batch') this.#flushSoon();
    else this.#flushing ??= this.#flushWaiting();
  }

  #open(): number {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      refuseObstacle(this.#path, 'unwritable');
      const descriptor = openSync(this.#path, 'a+');
      if (this.#durability !== 'os' && fstatSync(descriptor).size === 0) flushFolder(dirname(this.#path));
      return descriptor;
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
  }

  #write(line: Buffer): void {
    let bytes = line;
    for (let tries = 0; tries < mostTries; tries++) {
      let taken: number;
      try {
        taken = writeSync(this.#descriptor, bytes);
      } catch (error) {
        throw writeErrorOf(this.#path, error);
      }
      if (taken === bytes.length && this.#standsAlone(bytes)) return;
      // A leading newline ends whatever fragment stands before: ours after a short write, or a dead neighbour's.
      if (bytes === line) bytes = Buffer.concat([Buffer.from([newline]), line]);
    }
    throw new DaybookError(
      'failed',
      `A line could not be placed whole in ${this.#path} after ${mostTries} tries.`,
      {
        hint: 'Other programs seem to write parts of lines to this file; run `daybook doctor`.',
        where: this.#path,
      },
    );
  }

  /** Whether our bytes stand in the file behind a newline. Alone on the file, one small read tells. */
  #standsAlone(bytes: Buffer): boolean {
    const before = this.#end;
    const from = Math.max(0, before - 1);
    const length = before - from + bytes.length;
    if (
      this.#read(from, length) === length &&
      this.#check.compare(bytes, 0, bytes.length, before - from, length) === 0
    ) {
      this.#end = before + bytes.length;
      return before === 0 || bytes[0] === newline || this.#check[0] === newline;
    }
    return this.#searchFrom(from, bytes);
  }

  /** Others wrote meanwhile: our bytes are somewhere between the end we knew and the end now. */
  #searchFrom(from: number, bytes: Buffer): boolean {
    const size = fstatSync(this.#descriptor).size;
    const overlap = bytes.length + 1;
    const window = Math.max(256 * 1024, overlap * 2);
    for (let at = from; at < size; at += window - overlap) {
      const length = this.#read(at, Math.min(window, size - at));
      const found = this.#check.subarray(0, length).indexOf(bytes);
      if (found === -1) {
        if (at + length >= size) break;
        continue;
      }
      this.#end = at + found + bytes.length;
      return at + found === 0 || bytes[0] === newline || (found > 0 && this.#check[found - 1] === newline);
    }
    this.#end = size;
    return false;
  }

  #read(position: number, length: number): number {
    if (this.#check.length < length) this.#check = Buffer.allocUnsafe(length * 2);
    return readSync(this.#descriptor, this.#check, 0, length, position);
  }

  #flushNow(line: Buffer): void {
    try {
      fdatasyncSync(this.#descriptor);
    } catch {
      this.#appendAnew(line);
    }
  }

  /** After a failed flush nobody knows what is on disk: the same line goes through a new descriptor, once. */
  #appendAnew(line: Buffer): void {
    const fresh = this.#open();
    closeSync(this.#descriptor);
    this.#descriptor = fresh;
    this.#end = fstatSync(this.#descriptor).size;
    this.#write(line);
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flushing ??= this.#flushWaiting();
    }, batchMs);
  }

  /** One flush for all that wait when it begins; those that come meanwhile wait for the next. */
  async #flushWaiting(): Promise<void> {
    do {
      // Calls made in the same turn shall share this flush.
      await Promise.resolve();
      const waiting = this.#waiting;
      this.#waiting = [];
      const failure = await flush(this.#descriptor).catch(
        (error: unknown) => error ?? new Error('flush failed'),
      );
      for (const { line, resolve, reject } of waiting) {
        try {
          if (failure !== undefined) this.#appendAnew(line);
          resolve();
        } catch (error) {
          reject(error);
        }
      }
      // A timer that ran out during this flush started none: those who came meanwhile are served here.
    } while (this.#waiting.length > 0 && this.#timer === undefined);
    this.#flushing = undefined;
  }
}
