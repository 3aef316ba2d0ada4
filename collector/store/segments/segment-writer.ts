import type { Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { type SegmentFrame, type SegmentTable, serializeTable } from '../../formats/actions/segment.ts';
import { tombstoneMark } from '../../formats/redaction.ts';

/** So much is decompressed to read one line; larger frames would make the file smaller by some percent. */
const frameBytes = 1024 * 1024;
/** A segment is written once: this takes four times as long as the usual level and leaves a fifth less. */
const level = 9;

/** The same within the text of a snapshot, which is laid out, and a text of JSON here. */
const markInText = '\\n  \\"redacted\\": [';

/** Writes lines into a new segment, frame by frame; without a path it only finds out how large that would be. */
export class SegmentWriter {
  /** Bytes of the file so far. */
  size = 0;
  readonly #descriptor: number | undefined;
  readonly #frames: SegmentFrame[] = [];
  readonly #hash: Hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  #bytes = 0;
  #redacted = false;
  #waiting: Buffer[] = [];
  #next = nextFrame();

  constructor(path?: string) {
    this.#descriptor = path === undefined ? undefined : openSync(path, 'wx');
  }

  /** Takes a line, with what ends it; its bytes have to stay as they are until the next call. */
  add(line: Buffer, atUs: number): void {
    const next = this.#next;
    if (next.bytes > 0 && next.bytes + line.length > frameBytes) this.#pack();
    this.#waiting.push(line);
    this.#next.bytes += line.length;
    this.#next.lines += 1;
    this.#next.fromUs = Math.min(this.#next.fromUs, atUs);
    this.#next.toUs = Math.max(this.#next.toUs, atUs);
  }

  /** Writes what is left, flushes and closes the file, and says what it holds; `names` makes it one of snapshots. */
  finish(names?: SegmentTable['names']): SegmentTable {
    this.#pack();
    const frames = this.#frames;
    const table: SegmentTable = {
      frames,
      bytes: this.#bytes,
      lines: frames.reduce((sum, { lines }) => sum + lines, 0),
      sha256: this.#hash.digest('hex'),
      redacted: this.#redacted,
      fromUs: Math.min(...frames.map(({ fromUs }) => fromUs)),
      toUs: Math.max(...frames.map(({ toUs }) => toUs)),
      ...(names === undefined ? {} : { names }),
    };
    this.#write(serializeTable(table));
    if (this.#descriptor !== undefined) {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
    }
    return table;
  }

  #pack(): void {
    const frame = this.#next;
    this.#next = nextFrame();
    if (frame.bytes === 0) return;
    const { constants, zstdCompressSync } = process.getBuiltinModule('node:zlib');
    const lines = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#hash.update(lines);
    this.#redacted ||= lines.includes(tombstoneMark) || lines.includes(markInText);
    const packed = zstdCompressSync(lines, {
      params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    });
    this.#frames.push({ ...frame, at: this.size, size: packed.length, start: this.#bytes });
    this.#bytes += lines.length;
    this.#write(packed);
  }

  #write(bytes: Buffer): void {
    if (this.#descriptor !== undefined)
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.size += bytes.length;
  }
}

function nextFrame(): Omit<SegmentFrame, 'at' | 'size' | 'start'> {
  return { bytes: 0, lines: 0, fromUs: Number.POSITIVE_INFINITY, toUs: Number.NEGATIVE_INFINITY };
}
