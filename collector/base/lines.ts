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

/**
 * Takes as many whole lines as it can from a place on where one begins, newlines included, in one go; says where it stopped and
 * how many they were.
 */
export type ManyLines = (chunk: Buffer, from: number) => { to: number; lines: number };

/** Cuts chunks of bytes into lines, whatever the length of chunk and line. */
export class LineSplitter {
  readonly #visit: LineVisitor;
  readonly #longest: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #line: number;
  #offset = 0;
  readonly #many: ManyLines | undefined;

  /** `firstLine` is the number of the line that the first chunk begins with; lines that `many` takes are not visited. */
  constructor(visit: LineVisitor, longest = longestLineBytes, firstLine = 1, many?: ManyLines) {
    this.#visit = visit;
    this.#longest = longest;
    this.#line = firstLine;
    this.#many = many;
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
    let start = this.#many === undefined || this.#partBytes > 0 ? 0 : this.#takeMany(chunk, 0);
    for (let end = chunk.indexOf(newline, start); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#emit(chunk.subarray(start, end), true);
      start = this.#many === undefined ? end + 1 : this.#takeMany(chunk, end + 1);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Hands out what follows the last newline, if anything, and returns the number of lines seen. */
  end(): number {
    if (this.#partBytes > 0) this.#emit(Buffer.alloc(0), false);
    return this.#line - 1;
  }

  #takeMany(chunk: Buffer, from: number): number {
    const { to, lines } = this.#many!(chunk, from);
    this.#line += lines;
    this.#offset += to - from;
    return to;
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
