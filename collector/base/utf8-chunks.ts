import { decodeUtf16, type ForeignEncoding, hasUtf16Mark, utf16At } from './text-encoding.ts';

const newline = 10;
/** So many bytes tell how a line is written. */
const headBytes = 4;
/** A line in UTF-16 longer than this is handed on in pieces. */
const maxHeldBytes = 64 * 1024 * 1024;

/** Called where a line begins that is not plain UTF-8, with the number of newlines handed out by this push before it. */
export type ForeignVisitor = (encoding: ForeignEncoding, newlinesBefore: number) => void;

/**
 * Makes UTF-8 of the chunks of a file of lines, each line by itself: a shell of Windows appends UTF-16 to files that
 * others write in UTF-8. A chunk without a zero byte, which is every chunk of a healthy file, is handed on as it is.
 */
export class Utf8Chunks {
  /** Whether every byte handed out is a byte of the file, so that places in the one are places in the other. */
  isFaithful = true;
  /** Whether lines in UTF-8 were among them. */
  hasPlainLines = false;
  readonly #visit: ForeignVisitor;
  #held: Buffer = Buffer.alloc(0);
  #isLineStart = true;
  #isFileStart: boolean;

  /** With `isBehindLines` the first chunk is not the beginning of the file, but follows lines in UTF-8. */
  constructor(visit: ForeignVisitor, isBehindLines = false) {
    this.#visit = visit;
    this.#isFileStart = !isBehindLines;
    this.hasPlainLines = isBehindLines;
  }

  /** The next bytes as UTF-8; valid as long as the chunk is. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#withoutMark(chunk);
    if (this.#held.length === 0 && !bytes.includes(0)) return this.#passOn(bytes);
    return this.#convert(bytes, false);
  }

  /** What was held back because its end was not known yet. */
  end(): Buffer {
    return this.#convert(Buffer.alloc(0), true);
  }

  /** The mark of UTF-8 at the beginning of a file, which some editors leave. */
  #withoutMark(chunk: Buffer): Buffer {
    if (!this.#isFileStart || chunk.length === 0) return chunk;
    this.#isFileStart = false;
    if (chunk[0] !== 0xef || chunk[1] !== 0xbb || chunk[2] !== 0xbf) return chunk;
    this.#visit('utf-8-bom', 0);
    return chunk.subarray(3);
  }

  /** A line of which only the first bytes are there may still turn out to be UTF-16. */
  #passOn(bytes: Buffer): Buffer {
    const { length } = bytes;
    this.hasPlainLines ||= length > 0;
    const start = bytes.lastIndexOf(newline) + 1;
    const isHead = length - start < headBytes && (start > 0 || this.#isLineStart);
    if (length > 0) this.#isLineStart = isHead;
    if (!isHead || start === length) return bytes;
    this.#held = Buffer.from(bytes.subarray(start));
    return bytes.subarray(0, start);
  }

  #convert(chunk: Buffer, isEnd: boolean): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    const parts: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#isLineStart && !isEnd && bytes.length - at < headBytes) break;
      const encoding = this.#isLineStart ? utf16At(bytes, at) : undefined;
      if (encoding === undefined) {
        const end = bytes.indexOf(newline, at) + 1;
        this.#isLineStart = end > 0;
        this.hasPlainLines ||= end - at > 2;
        parts.push(bytes.subarray(at, end || bytes.length));
        at = end || bytes.length;
        continue;
      }
      const end = endOfLine(bytes, at, encoding);
      if (end === undefined && !isEnd && bytes.length - at < maxHeldBytes) break;
      this.isFaithful = false;
      this.#visit(hasUtf16Mark(bytes, at) ? 'utf-16' : encoding, countNewlines(parts));
      const text = decodeUtf16(bytes.subarray(at, end?.text ?? bytes.length), encoding);
      parts.push(Buffer.from(end === undefined ? text : `${text}\n`));
      at = end?.next ?? bytes.length;
      this.#isLineStart = end !== undefined;
    }
    this.#held = Buffer.from(bytes.subarray(at));
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}

/** Where a line in UTF-16 ends and the next begins; a torn one ends where someone wrote a record in UTF-8 behind it. */
function endOfLine(
  bytes: Buffer,
  start: number,
  encoding: 'utf-16le' | 'utf-16be',
): { text: number; next: number } | undefined {
  const isLittle = encoding === 'utf-16le';
  for (let at = bytes.indexOf(newline, start); at !== -1; at = bytes.indexOf(newline, at + 1)) {
    const isFirst = (at - start) % 2 === 0;
    if (isLittle && isFirst && bytes[at + 1] === 0) return { text: at, next: at + 2 };
    if (!isLittle && !isFirst && bytes[at - 1] === 0) return { text: at - 1, next: at + 1 };
    if (bytes[at + 1] === 0x7b && bytes[at + 2] === 0x22) return { text: at, next: at + 1 };
  }
  return undefined;
}

function countNewlines(parts: readonly Buffer[]): number {
  let count = 0;
  for (const part of parts)
    for (let at = part.indexOf(newline); at !== -1; at = part.indexOf(newline, at + 1)) count++;
  return count;
}
