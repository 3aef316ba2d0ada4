import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes and number of files of a folder, and its largest file. */
export function folderSize(folder: string): {
  bytes: number;
  files: number;
  largest: number;
  largestName: string;
} {
  const size = { bytes: 0, files: 0, largest: 0, largestName: '' };
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const stat = statSync(join(folder, name));
    if (!stat.isFile()) continue;
    size.bytes += stat.size;
    size.files += 1;
    if (stat.size > size.largest) [size.largest, size.largestName] = [stat.size, name];
  }
  return size;
}
