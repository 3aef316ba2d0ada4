import { join } from 'node:path';
import { crc32On } from '../base/hash.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { parseLine } from './line-parser.ts';
import { type LogBytes, openLogBytes } from './segments/log-bytes.ts';

/** Where a line of the log stands, and what it is told by. */
export interface LineAt {
  /** Relative to the book. */
  file: string;
  offset: number;
  /** Without the line break. */
  lengthBytes: number;
  line: number;
  crc: number;
}

/** Told of a line that is no longer what it was when the log was read. */
export class LogChanged extends Error {}

const windowBytes = 256 * 1024;
/** Lines of an action may stand apart: so many places are read around at once. */
const mostWindows = 8;
const mostFiles = 16;

/** Reads lines of the log once more, in any order; those that stand close together cost one look at the disk. */
export class LinesAt {
  readonly #root: string;
  readonly #files = new Map<string, LogBytes>();
  #windows: { file: string; from: number; bytes: Buffer }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The first record of a line.
   * @throws LogChanged where the line is another one than it was.
   */
  record(at: LineAt): ActionRecord {
    const bytes = this.#bytes(at);
    const record =
      bytes.length === at.lengthBytes && crc32On(bytes, 0) === at.crc
        ? parseLine(bytes, at.file, at.line).record
        : undefined;
    if (record === undefined)
      throw new LogChanged(`${at.file} was changed at line ${at.line} while it was read`);
    return record;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#windows = [];
  }

  #bytes({ file, offset, lengthBytes }: LineAt): Buffer {
    for (const window of this.#windows) {
      const start = offset - window.from;
      if (window.file === file && start >= 0 && start + lengthBytes <= window.bytes.length)
        return window.bytes.subarray(start, start + lengthBytes);
    }
    const bytes = this.#open(file).read(offset, Math.max(windowBytes, lengthBytes));
    this.#windows.unshift({ file, from: offset, bytes });
    if (this.#windows.length > mostWindows) this.#windows.pop();
    return bytes.subarray(0, lengthBytes);
  }

  #open(file: string): LogBytes {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    if (this.#files.size >= mostFiles) {
      const [oldest, bytes] = [...this.#files][0]!;
      bytes.close();
      this.#files.delete(oldest);
    }
    let opened: LogBytes;
    try {
      opened = openLogBytes(join(this.#root, file));
    } catch (error) {
      throw new LogChanged(`${file} was changed while it was read`, { cause: error });
    }
    this.#files.set(file, opened);
    return opened;
  }
}
