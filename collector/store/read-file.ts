import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { LogSegment } from './layout.ts';

const chunkBytes = 1024 * 1024;
const chunksPerPause = 16;

/**
 * The bytes of a log file in chunks, decompressed where needed. A chunk is valid until the next one is asked for.
 * Plain files are read synchronously, which is several times faster than a stream, with a pause every 16 MiB.
 */
export async function* readChunks(segment: LogSegment): AsyncGenerator<Buffer> {
  if (segment.compression !== 'none') {
    const decompress = segment.compression === 'gzip' ? createGunzip() : createZstdDecompress();
    const source = createReadStream(segment.path);
    source.on('error', (error) => decompress.destroy(error));
    yield* source.pipe(decompress);
    return;
  }
  const descriptor = openSync(segment.path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let count = 1; ; count++) {
      const bytes = readSync(descriptor, buffer, 0, chunkBytes, null);
      if (bytes === 0) return;
      yield buffer.subarray(0, bytes);
      if (count % chunksPerPause === 0) await setImmediate();
    }
  } finally {
    closeSync(descriptor);
  }
}
