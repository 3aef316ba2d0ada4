const newline = 10;
const carriageReturn = 13;

/** Lines longer than this are not held in memory; they are reported instead. */
export const longestLineBytes = 64 * 1024 * 1024;

/**
 * What is called for every line: its bytes without newline (valid only during the call), its number from 1,
 * whether a newline ended it, and where it begins. `bytes` is undefined for a line too long to hold; `lengthBytes`
 * then says how long.
 */
export type LineVisitor = (
  bytes: Buffer | undefined,
  line: number,
  terminated: boolean,
  offset: number,
  lengthBytes: number,
) => void;

/** Cuts chunks of bytes into lines, whatever the length of chunk and line. */
export class LineSplitter {
  readonly #visit: LineVisitor;
  readonly #longest: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #line: number;
  #offset = 0;

  /** `firstLine` is the number of the line that the first chunk begins with. */
  constructor(visit: LineVisitor, longest = longestLineBytes, firstLine = 1) {
    this.#visit = visit;
    this.#longest = longest;
    this.#line = firstLine;
  }

  /** The number of the line that comes next. */
  get line(): number {
    return this.#line;
  }

  /** Says that bytes of the file stand before the next that are no part of a line, or are whole lines that cannot be read. */
  skip(bytes: number, lines = 0): void {
    this.#offset += bytes;
    this.#line += lines;
  }

  /** Takes the next bytes; the chunk may be reused by the caller afterwards. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#emit(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Hands out what follows the last newline, if anything, and returns the number of lines seen. */
  end(): number {
    if (this.#partBytes > 0) this.#emit(Buffer.alloc(0), false);
    return this.#line - 1;
  }

  #keep(rest: Buffer): void {
    this.#partBytes += rest.length;
    if (this.#partBytes <= this.#longest) this.#parts.push(Buffer.from(rest));
    else this.#parts = [];
  }

  #emit(last: Buffer, terminated: boolean): void {
    const lengthBytes = this.#partBytes + last.length;
    let bytes: Buffer | undefined = lengthBytes > this.#longest ? undefined : last;
    if (this.#partBytes > 0) {
      if (bytes !== undefined) bytes = Buffer.concat([...this.#parts, last]);
      this.#parts = [];
      this.#partBytes = 0;
    }
    if (bytes !== undefined && bytes[bytes.length - 1] === carriageReturn) bytes = bytes.subarray(0, -1);
    this.#visit(bytes, this.#line, terminated, this.#offset, lengthBytes);
    this.#line += 1;
    this.#offset += lengthBytes + 1;
  }
}
