import { bookPath } from '../../base/paths.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { LogSegment } from '../layout.ts';
import { LineFile } from '../line-file.ts';
import { parseLine } from '../line-parser.ts';
import { readChunks } from '../read-file.ts';
import { openLogBytes } from '../segments/log-bytes.ts';

/** Where a record stands that is to be read once more. */
export interface LinePlace {
  /** What it is asked for by. */
  place: number;
  segment: number;
  /** -1 where it can only be found by the number of its line. */
  offset: number;
  lengthBytes: number;
  line: number;
  part: number;
}

/** The records at some places, by what they were asked for by; what cannot be read any more is missing. */
export async function readLinesAgain(
  root: string,
  segments: readonly LogSegment[],
  places: readonly LinePlace[],
): Promise<Map<number, ActionRecord>> {
  const found = new Map<number, ActionRecord>();
  for (const [number, segment] of segments.entries()) {
    const wanted = places.filter((place) => place.segment === number);
    if (wanted.length === 0) continue;
    const file = bookPath(root, segment.path);
    const take = (place: LinePlace, bytes: Buffer) => {
      const { record, more = [] } = parseLine(bytes, file, place.line);
      const one = place.part === 0 ? record : more[place.part - 1];
      if (one !== undefined) found.set(place.place, one);
    };
    const placed = wanted.filter(({ offset }) => offset >= 0);
    if (placed.length > 0) readPlaced(segment.path, placed, take);
    const numbered = wanted.filter(({ offset }) => offset < 0);
    if (numbered.length > 0) await readNumbered(segment, numbered, take);
  }
  return found;
}

/** Lines that lie near each other are read at once. */
const windowBytes = 256 * 1024;

function readPlaced(
  path: string,
  places: readonly LinePlace[],
  take: (place: LinePlace, bytes: Buffer) => void,
): void {
  const file = openLogBytes(path);
  try {
    const inOrder = [...places].sort((a, b) => a.offset - b.offset);
    for (let from = 0; from < inOrder.length; ) {
      const start = inOrder[from]!.offset;
      let end = start + inOrder[from]!.lengthBytes;
      let until = from + 1;
      // One more block than needed costs less than one more call.
      while (until < inOrder.length && inOrder[until]!.offset - end < 4096 && end - start < windowBytes) {
        end = Math.max(end, inOrder[until]!.offset + inOrder[until]!.lengthBytes);
        until += 1;
      }
      const bytes = file.read(start, end - start);
      for (const place of inOrder.slice(from, until))
        take(place, bytes.subarray(place.offset - start, place.offset - start + place.lengthBytes));
      from = until;
    }
  } finally {
    file.close();
  }
}

/** Of what has no places, such as an archive, everything is read once. */
async function readNumbered(
  segment: LogSegment,
  places: readonly LinePlace[],
  take: (place: LinePlace, bytes: Buffer) => void,
): Promise<void> {
  const byLine = Map.groupBy(places, ({ line }) => line);
  const lines = new LineFile(
    '',
    () => undefined,
    (bytes, line) => {
      if (bytes !== undefined) for (const place of byLine.get(line) ?? []) take(place, bytes);
    },
  );
  for await (const chunk of readChunks(segment)) lines.push(chunk);
  lines.end();
}
