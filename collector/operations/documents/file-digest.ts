import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Size and SHA-256 (64 hex digits) of a file of the book; undefined where it cannot be read. */
export async function sha256OfFile(
  root: string,
  file: string,
): Promise<{ sha256: string; bytes: number } | undefined> {
  const path = join(root, file);
  try {
    if (!statSync(path).isFile()) return undefined;
    const hash = createHash('sha256');
    let bytes = 0;
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    });
    return { sha256: hash.digest('hex'), bytes };
  } catch {
    return undefined;
  }
}
