import { parsePlainJson } from '../base/json/text.ts';
import { bookPath } from '../base/paths.ts';
import { parseTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { makeFinding, type ParsedLine, parseLine } from './line-parser.ts';
import { linesFromEnd } from './lines-from-end.ts';

/**
 * The last `most` lines of a file, the last one first, but for those that cannot be among its newest `count` records: of
 * these no more is looked at than their time. With an infinite `count` that is every line. Line numbers are not known
 * from the end: they are 0.
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

/** Whether a line is surely no record of this time or later: told from its time alone, which is quicker by half. */
function isOlder(bytes: Buffer, limitUs: number): boolean {
  if (limitUs === Number.NEGATIVE_INFINITY) return false;
  try {
    const { timestamp } = parsePlainJson(bytes.toString()) as { timestamp?: unknown };
    const time = typeof timestamp === 'string' ? parseTime(timestamp) : undefined;
    return time !== undefined && time.us < limitUs;
  } catch {
    return false;
  }
}
