import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { blockEnd, blockStart, type Document } from './document.ts';
import type { Packed } from './files.ts';

/** What a file of a site takes in the one file, in bytes of it. */
export interface Written {
  name: string;
  bytes: number;
}

/** What is compressed already and would only grow. */
const compressed = new Set(['.gz', '.parquet', '.png', '.jpg', '.gif', '.webp']);

/** Writes a document and the files of a site in it, one after the other. */
export function writeSingleFile(
  path: string,
  document: Document,
  site: string,
  files: readonly Packed[],
): { bytes: number; written: Written[] } {
  const descriptor = openSync(path, 'w');
  let bytes = 0;
  const write = (text: string): number => {
    const chunk = Buffer.from(text);
    for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
    bytes += chunk.length;
    return chunk.length;
  };
  try {
    write(document.start);
    const written = files.map(({ name }) => {
      const content = readFileSync(join(site, name));
      const isPacked = !compressed.has(extname(name));
      const packed = isPacked ? gzipSync(content, { level: 9 }) : content;
      return { name, bytes: write(`${blockStart(name, isPacked)}${packed.toString('base64')}${blockEnd}`) };
    });
    write(document.end);
    return { bytes, written };
  } finally {
    closeSync(descriptor);
  }
}
