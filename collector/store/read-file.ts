import { closeSync, createReadStream, readSync } from 'node:fs';
import { parseLfsPointer } from '../base/lfs-pointer.ts';
import type { LogSegment } from './layout.ts';
import { peekEnds } from './lines-from-end.ts';
import { openRecorded } from './recorded-file.ts';
import { type LogBytes, openLogBytes } from './segments/log-bytes.ts';
import { readSegment, refuseCutSegment } from './segments/read-segment.ts';

const chunkBytes = 1024 * 1024;
const chunksPerPause = 16;

/**
 * The bytes of a log file in chunks, decompressed where needed. A chunk is valid until the next one is asked for.
 * Plain files are read synchronously, which is several times faster than a stream, with a pause every 16 MiB; they can be
 * read from a place on. Parts of a segment that are damaged are passed over and told to `onGap`; at the end it throws.
 */
export async function* readChunks(
  segment: LogSegment,
  from = 0,
  onGap: (gap: { bytes: number; lines: number }) => void = () => undefined,
): AsyncGenerator<Buffer> {
  if (segment.compression !== 'none') {
    // What is no archive but stands for one says so as it is.
    const { head } = peekEnds(segment.path);
    if (parseLfsPointer(head) !== undefined) {
      yield head;
      return;
    }
    const frames = segment.compression === 'zstd' ? readSegment(segment.path, onGap) : undefined;
    if (frames !== undefined) {
      yield* frames;
      return;
    }
    const { createGunzip, createZstdDecompress } = process.getBuiltinModule('node:zlib');
    const decompress = segment.compression === 'gzip' ? createGunzip() : createZstdDecompress();
    const source = createReadStream('', { fd: openRecorded(segment.path) });
    source.on('error', (error) => decompress.destroy(error));
    yield* source.pipe(decompress);
    refuseCutSegment(segment.path);
    return;
  }
  const descriptor = openRecorded(segment.path);
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let position = from;
    for (let count = 1; ; count++) {
      const bytes = readSync(descriptor, buffer, 0, chunkBytes, position);
      if (bytes === 0) return;
      position += bytes;
      yield buffer.subarray(0, bytes);
      if (count % chunksPerPause === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads single lines of files once more; the file it read last stays open until it is closed. */
export class LinesAgain {
  #path: string | undefined;
  #bytes: LogBytes | undefined;

  /** The bytes of the line that begins at `offset`, without its newline. */
  read(path: string, offset: number): Buffer {
    if (path !== this.#path) {
      this.close();
      this.#bytes = openLogBytes(path);
      this.#path = path;
    }
    for (let length = 4096; ; length *= 8) {
      const bytes = this.#bytes!.read(offset, length);
      const end = bytes.indexOf(10);
      if (end === -1 && bytes.length === length) continue;
      const line = end === -1 ? bytes : bytes.subarray(0, end);
      return line[line.length - 1] === 13 ? line.subarray(0, -1) : line;
    }
  }

  close(): void {
    this.#bytes?.close();
    this.#bytes = undefined;
    this.#path = undefined;
  }
}

/** One line of a file, read by where it begins; without its line break. */
export function readLineAt(path: string, offset: number): Buffer {
  const again = new LinesAgain();
  try {
    return Buffer.from(again.read(path, offset));
  } finally {
    again.close();
  }
}
