import { closeSync, readSync } from 'node:fs';
import { textOfFile } from '../../formats/text/file.ts';
import { openRecorded } from '../recorded-file.ts';

/** The text with which a file begins; undefined where it cannot be read. */
export function headOf(file: string, bytes: number): string | undefined {
  try {
    const descriptor = openRecorded(file);
    try {
      const head = Buffer.alloc(bytes);
      return textOfFile(head.subarray(0, readSync(descriptor, head))).text;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
