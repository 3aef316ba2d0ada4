import { closeSync, fstatSync } from 'node:fs';
import { parseTable, type SegmentTable } from '../../formats/actions/segment.ts';
import { readRange } from '../edited-copy.ts';
import { openRecorded } from '../recorded-file.ts';

/** How many frames stay decompressed: lines that are asked for one after the other mostly lie in one. */
const heldFrames = 4;

/** An archived segment of the log, open for reading any part of what it holds. To be closed after use. */
export class SegmentFile {
  readonly table: SegmentTable;
  readonly #descriptor: number;
  readonly #held = new Map<number, Buffer>();

  private constructor(descriptor: number, table: SegmentTable) {
    this.#descriptor = descriptor;
    this.table = table;
  }

  /** Opens a segment; undefined for a file without a whole table, which can only be read from its beginning. */
  static open(path: string): SegmentFile | undefined {
    const descriptor = openRecorded(path);
    let file: SegmentFile | undefined;
    try {
      const read = (from: number, length: number) => readRange(descriptor, from, length);
      const table = parseTable(fstatSync(descriptor).size, read);
      if (table !== undefined) file = new SegmentFile(descriptor, table);
    } finally {
      if (file === undefined) closeSync(descriptor);
    }
    return file;
  }

  /** How many bytes it holds. */
  get size(): number {
    return this.table.bytes;
  }

  /** Bytes of what it holds, fewer where it ends. @throws where a frame is damaged. */
  read(from: number, length: number): Buffer {
    const parts: Buffer[] = [];
    const end = Math.min(from + length, this.size);
    for (let at = from, number = this.#frameAt(from); at < end; number++) {
      const { start, bytes } = this.table.frames[number]!;
      parts.push(this.frame(number).subarray(at - start, end - start));
      at = start + bytes;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** The lines of a frame. @throws where they are not those that were written. */
  frame(number: number): Buffer {
    const known = this.#held.get(number);
    if (known !== undefined) return known;
    const { at, size, bytes } = this.table.frames[number]!;
    const { zstdDecompressSync } = process.getBuiltinModule('node:zlib');
    const lines = zstdDecompressSync(readRange(this.#descriptor, at, size), { maxOutputLength: bytes + 1 });
    if (lines.length !== bytes) throw new Error(`a frame of ${bytes} bytes has ${lines.length}`);
    const [oldest] = this.#held.keys();
    if (this.#held.size >= heldFrames) this.#held.delete(oldest!);
    this.#held.set(number, lines);
    return lines;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #frameAt(offset: number): number {
    const { frames } = this.table;
    let [low, high] = [0, frames.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (frames[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** What a segment holds, by its table; undefined where it has none that is whole, or cannot be opened. */
export function tableOfSegment(path: string): SegmentTable | undefined {
  try {
    const file = SegmentFile.open(path);
    file?.close();
    return file?.table;
  } catch {
    return undefined;
  }
}
