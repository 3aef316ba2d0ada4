import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { messageOf, systemCodeOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { type LeftOut, leftOutLine, logHead, numberedLog } from '../../formats/output-log/output-log.ts';

/** What stands in a log when it is closed. */
export interface KeptOutput {
  /** Absolute path. */
  path: string;
  lines: number;
  bytes: number;
  leftOut: LeftOut | undefined;
  /** Why the rest is not kept; undefined where all of it is. */
  trouble: string | undefined;
}

/** A log that text is added to; nothing that happens to the file is thrown. */
export interface OutputLogFile {
  /** Adds whole lines, each with its newline. */
  add(text: string): void;
  close(): KeptOutput;
}

/** Part of the text, compressed as a whole: a member of the gzip file. */
interface Block extends LeftOut {
  packed: Buffer;
}

const blockBytes = 64 * 1024;
const flushMs = 1000;

/**
 * Begins a new log at `path`, or at the next name that is free. At most `limit` bytes of text are kept: the first and the
 * last half. What was added stands in the file a second later, and is whole there whenever the writer is killed.
 * @throws DaybookError where the file cannot be made.
 */
export function createOutputLog(path: string, limit: number, startedAtUs: number): OutputLogFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
  const head = logHead(startedAtUs);
  for (let number = 1; ; number++) {
    const place = join(dirname(path), numberedLog(path.slice(dirname(path).length + 1), number));
    try {
      const descriptor = openSync(place, 'wx');
      const log = new Log(place, descriptor, limit, head);
      log.begin();
      return log;
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw writeErrorOf(place, error);
    }
  }
}

class Log implements OutputLogFile {
  readonly #path: string;
  readonly #half: number;
  readonly #blockBytes: number;
  readonly #start: Buffer;
  #descriptor: number | undefined;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The first blocks, which stay, and the last ones, of which the oldest go. */
  readonly #first: Block[] = [];
  #last: Block[] = [];
  #isFirstFull = false;
  #firstBytes = 0;
  #lastBytes = 0;
  readonly #leftOut: LeftOut = { lines: 0, bytes: 0 };
  #trouble: string | undefined;

  constructor(path: string, descriptor: number, limit: number, start: Buffer) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#half = limit / 2;
    this.#blockBytes = Math.min(blockBytes, this.#half / 4);
    this.#start = start;
  }

  begin(): void {
    this.#safely(() => this.#write(this.#start));
  }

  add(text: string): void {
    if (this.#trouble !== undefined) return;
    this.#waiting.push(text);
    this.#waitingBytes += Buffer.byteLength(text);
    if (this.#waitingBytes >= this.#blockBytes) this.#safely(() => this.#flush());
    else this.#timer ??= setTimeout(() => this.#safely(() => this.#flush()), flushMs).unref();
  }

  close(): KeptOutput {
    this.#safely(() => {
      this.#flush();
      if (this.#trim(this.#half)) this.#writeAgain();
    });
    clearTimeout(this.#timer);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    const kept = [...this.#first, ...this.#last];
    return {
      path: this.#path,
      lines: sum(kept, ({ lines }) => lines),
      bytes: sum(kept, ({ bytes }) => bytes),
      leftOut: this.#leftOut.bytes > 0 ? this.#leftOut : undefined,
      trouble: this.#trouble,
    };
  }

  /** What fails once is not tried again: the file stays as it is, and the work goes on. */
  #safely(work: () => void): void {
    if (this.#trouble !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#trouble = messageOf(writeErrorOf(this.#path, error));
      this.#waiting = [];
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join('');
    [this.#waiting, this.#waitingBytes] = [[], 0];
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', Math.min(text.length - 1, from + this.#blockBytes)) + 1 || text.length;
      this.#put(text.slice(from, end));
      from = end;
    }
  }

  #put(text: string): void {
    const bytes = Buffer.byteLength(text);
    const block = { packed: gzipSync(text, { level: 6 }), bytes, lines: text.split('\n').length - 1 };
    this.#write(block.packed);
    this.#isFirstFull ||= this.#firstBytes + bytes > this.#half;
    if (this.#isFirstFull) {
      this.#last.push(block);
      this.#lastBytes += bytes;
      // Twice as much as is to stay, so that the file is seldom written again.
      if (this.#lastBytes > 2 * this.#half && this.#trim(this.#half)) this.#writeAgain();
    } else {
      this.#first.push(block);
      this.#firstBytes += bytes;
    }
  }

  /** Lets go of the oldest of the last blocks; says whether any went. */
  #trim(most: number): boolean {
    let gone = 0;
    for (; this.#lastBytes > most && gone < this.#last.length - 1; gone++) {
      const { lines, bytes } = this.#last[gone]!;
      this.#lastBytes -= bytes;
      this.#leftOut.lines += lines;
      this.#leftOut.bytes += bytes;
    }
    this.#last = this.#last.slice(gone);
    return gone > 0;
  }

  /** Puts the whole file in place anew: killed at any instant, one of both is there. */
  #writeAgain(): void {
    const packed = (blocks: readonly Block[]) => blocks.map((block) => block.packed);
    const middle = gzipSync(`${leftOutLine(this.#leftOut)}\n`);
    writeFileAtomic(
      this.#path,
      Buffer.concat([this.#start, ...packed(this.#first), middle, ...packed(this.#last)]),
    );
    closeSync(this.#descriptor!);
    this.#descriptor = undefined;
    this.#descriptor = openSync(this.#path, 'a');
  }

  #write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor!, bytes, at);
  }
}

function sum(blocks: readonly Block[], of: (block: Block) => number): number {
  return blocks.reduce((all, block) => all + of(block), 0);
}
