import {
  type BigIntStats,
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { flushFolder } from '../base/atomic-file.ts';
import { monotonicMs } from '../base/clock.ts';
import { DaybookError } from '../base/errors.ts';
import { writeErrorOf } from '../base/system-error.ts';
import type { Durability } from '../formats/config/config.ts';
import { refuseObstacle } from './recorded-file.ts';
import { WrittenBytes } from './written-bytes.ts';

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
const maxTries = 8;
/** So many lines, or so long, may be appended by us alone before a look whether the file is still the log. */
const lookEvery = 64;
const lookAfterMs = 50;
const flush = promisify(fdatasync);

/**
 * Opens a log for appending. One line is one write; afterwards the writer reads its own bytes back. If a neighbour
 * died half way through a line, ours is glued to its fragment and would be lost: then it is appended once more,
 * behind a newline. Readers take two lines of one id as one record. Nor is a line lost when another file takes the place
 * of the log (see replace-log.ts): the writer notices, and appends once more to the file that is the log now.
 * @throws DaybookError `unwritable` or `disk-full`.
 */
export function openAppendLog(path: string, durability: Durability = 'os'): AppendLog {
  return new LockFreeLog(path, durability);
}

/** Not blocking, because a pipe may have come to stand there since it was looked at: waiting for its reader could last for ever. */
function openRegular(path: string): number {
  const { O_APPEND, O_CREAT, O_NONBLOCK = 0, O_RDWR } = constants;
  const descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  refuseObstacle(path, 'unwritable');
  throw new DaybookError('unwritable', `Expected a regular file at ${path}, found something else.`, {
    where: path,
  });
}

class LockFreeLog implements AppendLog {
  readonly #path: string;
  readonly #durability: Durability;
  #descriptor: number;
  /** What the descriptor leads to. */
  #file: BigIntStats;
  /** Lines appended since it was last seen that the file is still the log, and when that was. */
  #unchecked: Buffer[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** Files left behind while a flush was under way; closed when it is over. */
  #retired: number[] = [];
  #written: WrittenBytes;
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
    this.#file = fstatSync(this.#descriptor, { bigint: true });
    this.#written = new WrittenBytes(this.#descriptor, Number(this.#file.size));
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
      const descriptor = openRegular(this.#path);
      if (this.#durability !== 'os' && fstatSync(descriptor).size === 0) flushFolder(dirname(this.#path));
      return descriptor;
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
  }

  #write(line: Buffer): void {
    let bytes = line;
    for (let tries = 0; tries < maxTries; tries++) {
      let taken: number;
      try {
        taken = writeSync(this.#descriptor, bytes);
      } catch (error) {
        throw writeErrorOf(this.#path, error);
      }
      const stands = taken === bytes.length && this.#written.standAlone(bytes);
      if (this.#mustLook() && !this.#isCurrent()) {
        this.#openAgain();
        bytes = line;
        continue;
      }
      if (stands) {
        this.#unchecked.push(line);
        return;
      }
      // A leading newline ends whatever fragment stands before: ours after a short write, or a dead neighbour's.
      if (bytes === line) bytes = Buffer.concat([Buffer.from('\n'), line]);
    }
    throw new DaybookError(
      'failed',
      `A line could not be placed whole in ${this.#path} after ${maxTries} tries.`,
      {
        hint: 'Other programs seem to write parts of lines to this file; run `daybook doctor`.',
        where: this.#path,
      },
    );
  }

  /**
   * Whether it is time to see if the file is still the log. Who replaces it by `replaceLog` appends to the old file
   * afterwards and takes over what stands before: so where nobody else wrote, there is no hurry.
   */
  #mustLook(): boolean {
    return (
      this.#written.sawOthers ||
      this.#unchecked.length >= lookEvery ||
      monotonicMs() - this.#lookedMs > lookAfterMs
    );
  }

  /** Whether the file we write to still is the log: git or a rotation may have put another one in its place. */
  #isCurrent(): boolean {
    try {
      this.#lookedMs = monotonicMs();
      const now = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
      const isSame = now?.ino === this.#file.ino && now.dev === this.#file.dev;
      if (isSame) this.#unchecked = [];
      return isSame;
    } catch {
      // What may not even be looked at could not be opened again either: the line stays where it stands.
      return true;
    }
  }

  #openAgain(): void {
    const fresh = this.#open();
    try {
      // What waits for a flush stands in the file that is left behind: it is flushed there before anything goes on.
      if (this.#waiting.length > 0) fdatasyncSync(this.#descriptor);
    } catch (error) {
      closeSync(fresh);
      throw writeErrorOf(this.#path, error);
    }
    // A file without a name is nobody's any more: what was appended since it had one is appended again.
    const lost = fstatSync(this.#descriptor).nlink === 0 ? this.#unchecked : [];
    this.#unchecked = [];
    this.#turnTo(fresh);
    for (const line of lost) this.#write(line);
  }

  #turnTo(descriptor: number): void {
    // A flush under way names its file by number, which the next file opened would be given.
    if (this.#flushing === undefined) closeSync(this.#descriptor);
    else this.#retired.push(this.#descriptor);
    this.#descriptor = descriptor;
    this.#file = fstatSync(descriptor, { bigint: true });
    this.#written = new WrittenBytes(descriptor, Number(this.#file.size));
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
    this.#turnTo(this.#open());
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

  /** One flush for all that wait when it begins; those that come in the meantime wait for the next. */
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
      // A timer that ran out during this flush started none: those who came in the meantime are served here.
    } while (this.#waiting.length > 0 && this.#timer === undefined);
    for (const descriptor of this.#retired.splice(0)) closeSync(descriptor);
    this.#flushing = undefined;
  }
}
