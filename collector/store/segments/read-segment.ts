import { basename } from 'node:path';
import { isSegmentName, type SegmentFrame } from '../../formats/actions/segment.ts';
import { SegmentFile } from './segment-file.ts';

const framesPerPause = 16;

/**
 * All lines of a segment, frame by frame; `onGap` is told of each that is damaged, in its place. Undefined where the file has no
 * table: it then has to be read as any other file of its compression.
 */
export function readSegment(
  path: string,
  onGap: (frame: SegmentFrame) => void,
): AsyncGenerator<Buffer> | undefined {
  const file = SegmentFile.open(path);
  return file === undefined ? undefined : framesOf(file, onGap);
}

async function* framesOf(file: SegmentFile, onGap: (frame: SegmentFrame) => void): AsyncGenerator<Buffer> {
  const { frames } = file.table;
  const gaps: string[] = [];
  let line = 1;
  try {
    for (const [number, frame] of frames.entries()) {
      let lines: Buffer | undefined;
      try {
        lines = file.frame(number);
      } catch {
        gaps.push(`${line} to ${line + frame.lines - 1}`);
        onGap(frame);
      }
      line += frame.lines;
      if (lines !== undefined) yield lines;
      if ((number + 1) % framesPerPause === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    file.close();
  }
  if (gaps.length > 0)
    throw new Error(`damage in ${gaps.length} of its ${frames.length} parts: lines ${listed(gaps)}`);
}

/** @throws for a segment of ours that lost its table, and with it maybe lines. */
export function refuseCutSegment(path: string): void {
  if (isSegmentName(basename(path))) throw new Error('a segment whose end is missing or damaged');
}

const maxListed = 5;

function listed(gaps: readonly string[]): string {
  const more = gaps.length > maxListed ? ` and ${gaps.length - maxListed} more` : '';
  return `${gaps.slice(0, maxListed).join(', ')}${more}`;
}
