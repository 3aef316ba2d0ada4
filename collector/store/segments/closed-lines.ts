import { createHash } from 'node:crypto';
import { LineSplitter } from '../../base/lines.ts';
import { parseTime } from '../../base/time.ts';
import type { SegmentTable } from '../../formats/actions/segment.ts';
import { parseLine } from '../line-parser.ts';
import { isBlank } from '../log-pass.ts';
import { readChunks } from '../read-file.ts';
import { readSegment } from './read-segment.ts';

/** A line of a log that may be archived: it is whole, and says itself when it was. */
export interface PlainLine {
  offset: number;
  /** With what ends it. */
  length: number;
  atUs: number;
}

/**
 * The lines of a log that may be archived, in their order, and how many others there are: damaged ones, those without a time,
 * those of which anything is to be said. What is odd stays in the log, where it can be mended.
 */
export async function plainLines(path: string): Promise<{ lines: PlainLine[]; odd: number }> {
  const lines: PlainLine[] = [];
  let odd = 0;
  // Whether the last record is that of the last line that was taken.
  let isLast = false;
  const splitter = new LineSplitter((bytes, _line, terminated, offset, lengthBytes) => {
    if (bytes !== undefined && isBlank(bytes)) return;
    const { record, finding, more = [] } = bytes === undefined ? noRecord : parseLine(bytes, '', 0);
    const isPlain = record !== undefined && finding === undefined && more.length === 0 && terminated;
    if (isPlain && Number.isFinite(record.atUs)) {
      lines.push({ offset, length: lengthBytes + 1, atUs: record.atUs });
      isLast = true;
      return;
    }
    odd += 1;
    // A record without a time is shown at that of the one before it, which stays with it.
    if (record?.untimed === true && isLast) lines.pop();
    if (record !== undefined) isLast = false;
  });
  for await (const chunk of readChunks({ path, compression: 'none' })) splitter.push(chunk);
  splitter.end();
  return { lines, odd };
}

const noRecord = { record: undefined, finding: undefined, more: [] };

/** A segment, and what it holds. */
export interface KnownSegment {
  path: string;
  table: SegmentTable;
}

/** Finds out which of some lines stand in segments, letter for letter; told by a digest of each. */
export class ArchivedLines {
  readonly #segments: readonly KnownSegment[];

  constructor(segments: readonly KnownSegment[]) {
    this.#segments = segments;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Whether a line of this time may stand in one of them. */
  mayHold(atUs: number): boolean {
    return this.#segments.some(({ table }) => table.fromUs <= atUs && atUs <= table.toUs);
  }

  /** The time of a line, by a look at its beginning where that is enough. */
  timeOf(bytes: Buffer): number | undefined {
    const time = /"timestamp": ?"([^"\\]{10,40})"/.exec(bytes.toString('latin1', 0, 400))?.[1];
    return (time === undefined ? undefined : parseTime(time)?.us) ?? parseLine(bytes, '', 0).record?.atUs;
  }

  /** Those of some digests of lines, of these times, whose lines stand in a segment. */
  async holding(wanted: ReadonlySet<string>, times: readonly number[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { path, table } of this.#segments) {
      if (!times.some((atUs) => table.fromUs <= atUs && atUs <= table.toUs)) continue;
      const splitter = new LineSplitter((bytes) => {
        const digest = bytes === undefined ? '' : digestOfLine(bytes);
        if (wanted.has(digest)) found.add(digest);
      });
      const read = readSegment(path, () => undefined);
      try {
        if (read !== undefined) for await (const lines of read) splitter.push(lines);
      } catch {
        // What cannot be read of it is not taken from the log.
      }
      splitter.end();
    }
    return found;
  }
}

/** What a line is told by, without what ends it. */
export function digestOfLine(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Lines of a log without those that stand in segments; the very same buffer where none does. */
export async function linesNotArchived(segments: readonly KnownSegment[], lines: Buffer): Promise<Buffer> {
  const archived = new ArchivedLines(segments);
  const candidates = new Map<string, { start: number; end: number; atUs: number }[]>();
  const splitter = new LineSplitter((bytes, _line, terminated, offset, lengthBytes) => {
    const atUs = bytes === undefined || !terminated ? undefined : archived.timeOf(bytes);
    if (atUs === undefined || !archived.mayHold(atUs)) return;
    const digest = digestOfLine(bytes!);
    const place = { start: offset, end: offset + lengthBytes + 1, atUs };
    candidates.set(digest, [...(candidates.get(digest) ?? []), place]);
  });
  splitter.push(lines);
  splitter.end();
  const times = [...candidates.values()].flatMap((places) => places.map(({ atUs }) => atUs));
  const found = await archived.holding(new Set(candidates.keys()), times);
  if (found.size === 0) return lines;
  const cuts = [...found].flatMap((digest) => candidates.get(digest)!).sort((a, b) => a.start - b.start);
  const parts = cuts.map(({ start }, number) => lines.subarray(cuts[number - 1]?.end ?? 0, start));
  return Buffer.concat([...parts, lines.subarray(cuts.at(-1)!.end)]);
}
