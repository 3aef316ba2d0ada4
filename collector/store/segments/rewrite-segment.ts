import { renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly } from '../../base/atomic-file.ts';
import { LineSplitter } from '../../base/lines.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { parseLine } from '../line-parser.ts';
import { SegmentWriter } from './segment-writer.ts';

/** Puts other lines in the place of those of a segment, whole or not at all; it keeps its name. */
export function rewriteSegment(path: string, lines: Buffer): void {
  const temporary = temporaryPathFor(path);
  try {
    const writer = new SegmentWriter(temporary);
    let lastUs = 0;
    const splitter = new LineSplitter((bytes, _line, terminated, offset, lengthBytes) => {
      lastUs = (bytes === undefined ? undefined : parseLine(bytes, '', 0).record?.atUs) ?? lastUs;
      writer.add(lines.subarray(offset, offset + lengthBytes + (terminated ? 1 : 0)), lastUs);
    });
    splitter.push(lines);
    splitter.end();
    writer.finish();
    renameSync(temporary, path);
    flushFolder(dirname(path));
  } catch (error) {
    throw writeErrorOf(path, error);
  } finally {
    removeQuietly(temporary);
  }
}
