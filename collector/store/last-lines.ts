import { bookPath } from '../base/paths.ts';
import { parseTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { makeFinding, type ParsedLine, parseLine } from './line-parser.ts';
import { linesFromEnd } from './lines-from-end.ts';

/**
 * The last `most` lines of a file, the last one first, but for those that cannot be among its newest `count` records: of
 * these no more is read than the time they begin with. Every line with an infinite `count`. Line numbers are not known from the end: they are 0.
 */
export function lastLines(root: string, path: string, count: number, most: number): ParsedLine[] {
  const file = bookPath(root, path);
  return readLast(path, file, most, count) ?? readLast(path, file, most)!;
}

/** What is said of a line that is too long to hold. */
export function tooLong(file: string): Finding {
  const hint = 'Move the data to a file of its own.';
  return makeFinding('too-long', 'error', file, undefined, 'lines of at most 64 MiB', 'a longer line', hint);
}

/** With a `count`, undefined where a record has no time but that of its neighbour, which may have been passed over. */
function readLast(
  path: string,
  file: string,
  most: number,
  count = Number.POSITIVE_INFINITY,
): ParsedLine[] | undefined {
  const lines: ParsedLine[] = [];
  const times = new Map<string, number>();
  let passed = 0;
  let lastUs = 0;
  let limitUs = Number.NEGATIVE_INFINITY;
  for (const { bytes, terminated } of linesFromEnd(path)) {
    if (bytes !== undefined && terminated && isOlder(bytes, limitUs)) passed += 1;
    else {
      const parsed =
        bytes === undefined ? { record: undefined, finding: tooLong(file) } : parseLine(bytes, file, 0);
      // What follows the last newline may still be being written.
      if (!terminated && parsed.record === undefined) continue;
      if (parsed.record?.untimed === true) {
        if (passed > 0) return undefined;
        parsed.record.atUs = lastUs;
      }
      lastUs = parsed.record?.atUs ?? lastUs;
      lines.push(parsed);
      if (parsed.record !== undefined && times.size < count) times.set(parsed.record.sameness, lastUs);
      if (times.size === count) limitUs = Math.min(...times.values());
    }
    if (lines.length + passed >= most) break;
  }
  return lines;
}

/** A line as Daybook and the original write it: its time is at the beginning, in full, and a day that every month has. */
const head =
  /^\{"snapshot_id": ?"[^"\\]*", ?"snapshot_type": ?"action", ?"timestamp": ?"((?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z)"/;

/**
 * Whether a line is surely no record of this time or later, whatever stands behind its beginning: of two members with
 * one name the last counts, and a name may be written in escapes.
 */
function isOlder(bytes: Buffer, limitUs: number): boolean {
  if (limitUs === Number.NEGATIVE_INFINITY) return false;
  const text = bytes.toString('latin1');
  const match = head.exec(text);
  if (match === null || text.includes('"timestamp"', match[0].length) || escapedLetter.test(text))
    return false;
  const { us } = parseTime(match[1]!)!;
  return us < limitUs;
}

const escapedLetter = /\\u00[4-7]/;
