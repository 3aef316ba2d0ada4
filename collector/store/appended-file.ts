import { closeSync, fstatSync, readSync } from 'node:fs';
import { openRecorded } from './recorded-file.ts';

/** What is done with the bytes of a file that grows. */
export interface AppendedEffects {
  /** Takes the next bytes of the file; they may be overwritten afterwards. */
  take(bytes: Buffer): void;
  /** The file was cut or replaced: what was taken so far is no longer what stands in it, and it comes from its beginning. */
  again(): void;
}

const chunkBytes = 256 * 1024;
const anchorBytes = 256;

/** A file that grows and how far it has been read: each look reads what was appended, and nothing else. */
export class AppendedFile {
  readonly path: string;
  readonly #effects: AppendedEffects;
  #at = 0;
  /** The bytes before that place: where they have changed, the file is another one. */
  #anchor: Buffer = Buffer.alloc(0);

  constructor(path: string, effects: AppendedEffects) {
    this.path = path;
    this.#effects = effects;
  }

  /** How many bytes have been read. */
  get at(): number {
    return this.#at;
  }

  /** Goes on from the place that `find` names in the open file, without taking what stands before it. */
  skip(find: (descriptor: number, size: number) => number): void {
    const descriptor = openRecorded(this.path);
    try {
      this.#at = find(descriptor, fstatSync(descriptor).size);
      this.#anchor = this.#bytesBefore(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Takes what was appended, at most `most` bytes at once; whether more is there. @throws where it cannot be read. */
  readOn(most = Number.POSITIVE_INFINITY): boolean {
    const descriptor = openRecorded(this.path);
    try {
      const { size } = fstatSync(descriptor);
      if (!this.#bytesBefore(descriptor).equals(this.#anchor)) this.#startAgain();
      if (size === this.#at) return false;
      const end = Math.min(size, this.#at + most);
      const block = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, end - this.#at)));
      while (this.#at < end) {
        const bytes = readSync(descriptor, block, 0, Math.min(block.length, end - this.#at), this.#at);
        if (bytes === 0) break;
        this.#at += bytes;
        this.#effects.take(block.subarray(0, bytes));
      }
      this.#anchor = this.#bytesBefore(descriptor);
      return this.#at < size;
    } finally {
      closeSync(descriptor);
    }
  }

  #startAgain(): void {
    this.#at = 0;
    this.#effects.again();
  }

  #bytesBefore(descriptor: number): Buffer {
    const length = Math.min(anchorBytes, this.#at);
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, this.#at - length));
  }
}
