import { fstatSync, readSync } from 'node:fs';

const newline = 10;

/** Looks at what a writer has appended to a file that others append to at the same time. */
export class WrittenBytes {
  /** Whether others wrote between the last bytes that were looked for and these. */
  sawOthers = false;
  readonly #descriptor: number;
  #end: number;
  #buffer = Buffer.allocUnsafe(16 * 1024);

  /** @param end where the file ended when it was opened. */
  constructor(descriptor: number, end: number) {
    this.#descriptor = descriptor;
    this.#end = end;
  }

  /** Whether these bytes, which were just written, stand in the file behind a newline. Alone on the file, one small read tells. */
  standAlone(bytes: Buffer): boolean {
    this.sawOthers = false;
    const before = this.#end;
    const from = Math.max(0, before - 1);
    const length = before - from + bytes.length;
    if (
      this.#read(from, length) === length &&
      this.#buffer.compare(bytes, 0, bytes.length, before - from, length) === 0
    ) {
      this.#end = before + bytes.length;
      return before === 0 || bytes[0] === newline || this.#buffer[0] === newline;
    }
    return this.#searchFrom(from, bytes);
  }

  /** Others wrote in the meantime: the bytes are somewhere between the end that was known and the end now. */
  #searchFrom(from: number, bytes: Buffer): boolean {
    this.sawOthers = true;
    const size = fstatSync(this.#descriptor).size;
    const overlap = bytes.length + 1;
    const window = Math.max(256 * 1024, overlap * 2);
    for (let at = from; at < size; at += window - overlap) {
      const length = this.#read(at, Math.min(window, size - at));
      const found = this.#buffer.subarray(0, length).indexOf(bytes);
      if (found === -1) {
        if (at + length >= size) break;
        continue;
      }
      this.#end = at + found + bytes.length;
      return at + found === 0 || bytes[0] === newline || (found > 0 && this.#buffer[found - 1] === newline);
    }
    this.#end = size;
    return false;
  }

  #read(position: number, length: number): number {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(length * 2);
    return readSync(this.#descriptor, this.#buffer, 0, length, position);
  }
}
