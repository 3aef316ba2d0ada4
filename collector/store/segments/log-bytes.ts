import { closeSync, fstatSync } from 'node:fs';
import { readRange } from '../edited-copy.ts';
import { openRecorded } from '../recorded-file.ts';
import { SegmentFile } from './segment-file.ts';

/** The bytes that a file of the log stands for, to be read at any place: the file's own, or what a segment holds. */
export interface LogBytes {
  readonly size: number;
  /** Fewer bytes where there are no more. */
  read(from: number, length: number): Buffer;
  close(): void;
}

/**
 * Opens a file of the log for reading at any place.
 * @throws where it is compressed and has no table, as what other programs compressed.
 */
export function openLogBytes(path: string): LogBytes {
  if (path.endsWith('.zst')) {
    const segment = SegmentFile.open(path);
    if (segment === undefined) throw new Error('its lines can only be read from the beginning');
    return segment;
  }
  const descriptor = openRecorded(path);
  return {
    size: fstatSync(descriptor).size,
    read: (from, length) => readRange(descriptor, from, length),
    close: () => closeSync(descriptor),
  };
}
