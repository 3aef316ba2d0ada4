import { closeSync, fstatSync, lstatSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import { linkToNew, removeQuietly } from '../../base/atomic-file.ts';
import { LineSplitter } from '../../base/lines.ts';
import { bookPath } from '../../base/paths.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { segmentNameOf } from '../../formats/actions/segment.ts';
import { digestOfRange, type LogCut, readRange } from '../edited-copy.ts';
import { actionLogPath, listLogSegments, snapshotsFolder } from '../layout.ts';
import { readChunks } from '../read-file.ts';
import { refuseObstacle } from '../recorded-file.ts';
import { replaceLog } from '../replace-log.ts';
import {
  ArchivedLines,
  digestOfLine,
  type KnownSegment,
  type PlainLine,
  plainLines,
} from './closed-lines.ts';
import { type ArchiveRule, closedGroups, type LineGroup } from './groups.ts';
import { SegmentFile, tableOfSegment } from './segment-file.ts';
import { SegmentWriter } from './segment-writer.ts';

/** A segment that was written, or would be. */
export interface NewSegment {
  /** Null where it would only be. */
  file: string | null;
  period: string;
  lines: number;
  /** Of its lines in the log, and of the segment. */
  bytes: number;
  packed: number;
  fromUs: number;
  toUs: number;
}

/** What archiving came to. */
export interface ArchivedLog {
  segments: NewSegment[];
  /** Lines taken from the log that stood in a segment already: archiving was interrupted, or a merge brought them back. */
  again: number;
  /** Lines that stay because they are odd, and bytes that stay in all. */
  odd: number;
  stay: number;
  /** Processes that still have the old log open. */
  openIn: number[];
}

/**
 * Moves the lines that `rule` closes from the log into compressed segments. A segment is flushed, read back and compared with
 * the log before it gets its name, and a line is cut from the log only once it stands in a segment with a name. So a process
 * that is killed leaves lines in both at worst: those are read once, and taken from the log the next time. Others may append
 * in the meantime. With `stopAtOdd` nothing is done where lines are odd.
 */
export async function archiveLog(root: string, rule: ArchiveRule, stopAtOdd: boolean): Promise<ArchivedLog> {
  const path = actionLogPath(root);
  const result: ArchivedLog = { segments: [], again: 0, odd: 0, stay: 0, openIn: [] };
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return result;
  refuseObstacle(path, 'unreadable');
  const { openIn } = await replaceLog(root, path, async () => {
    const plan = await planOf(root, path, rule);
    Object.assign(result, { segments: [], odd: plan.odd, again: plan.again.length, stay: plan.stay });
    if (stopAtOdd && plan.odd > 0) return [];
    const descriptor = openSync(path, 'r');
    try {
      // Worked out before anything is compared: what is changed in the meantime is not cut.
      const cuts = cutsOf(descriptor, [...plan.again, ...plan.groups.flatMap(({ lines }) => lines)]);
      for (const group of plan.groups) result.segments.push(writeGroup(root, descriptor, group));
      return cuts;
    } finally {
      closeSync(descriptor);
    }
  });
  return { ...result, openIn };
}

/** What archiving would come to; nothing is written. */
export async function planArchive(root: string, rule: ArchiveRule): Promise<ArchivedLog> {
  const path = actionLogPath(root);
  const result: ArchivedLog = { segments: [], again: 0, odd: 0, stay: 0, openIn: [] };
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return result;
  refuseObstacle(path, 'unreadable');
  const { groups, again, odd, stay } = await planOf(root, path, rule);
  const descriptor = openSync(path, 'r');
  try {
    const segments = groups.map((group) => packGroup(descriptor, group).segment);
    return { ...result, segments, again: again.length, odd, stay };
  } finally {
    closeSync(descriptor);
  }
}

/** Takes lines from the log that stand in a segment. Cheap where there is none, and without segments nothing at all. */
export async function dropArchivedLines(root: string): Promise<void> {
  const path = actionLogPath(root);
  const archived = new ArchivedLines(knownSegments(root));
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true || !(await mayHaveAny(path, archived)))
    return;
  await replaceLog(root, path, async () => {
    const { lines } = await plainLines(path);
    const descriptor = openSync(path, 'r');
    try {
      const again = await findAgain(descriptor, lines, archived);
      return cutsOf(
        descriptor,
        lines.filter((line) => again.has(line)),
      );
    } finally {
      closeSync(descriptor);
    }
  });
}

/** All segments of a book that Daybook wrote and whose tables are whole. */
export function knownSegments(root: string): KnownSegment[] {
  return listLogSegments(root).flatMap(({ path, compression }) => {
    const table = compression === 'zstd' ? tableOfSegment(path) : undefined;
    return table === undefined ? [] : [{ path, table }];
  });
}

interface Plan {
  groups: LineGroup[];
  again: PlainLine[];
  odd: number;
  stay: number;
}

async function planOf(root: string, path: string, rule: ArchiveRule): Promise<Plan> {
  const { lines, odd } = await plainLines(path);
  const descriptor = openSync(path, 'r');
  try {
    const again = await findAgain(descriptor, lines, new ArchivedLines(knownSegments(root)));
    const groups = closedGroups(
      lines.filter((line) => !again.has(line)),
      rule,
    );
    const moved = [...again, ...groups.flatMap((group) => group.lines)];
    const stay = fstatSync(descriptor).size - moved.reduce((sum, { length }) => sum + length, 0);
    return { groups, again: [...again], odd, stay };
  } finally {
    closeSync(descriptor);
  }
}

async function mayHaveAny(path: string, archived: ArchivedLines): Promise<boolean> {
  let has = false;
  if (archived.isEmpty) return has;
  const splitter = new LineSplitter((bytes) => {
    const atUs = has || bytes === undefined ? undefined : archived.timeOf(bytes);
    if (atUs !== undefined && archived.mayHold(atUs)) has = true;
  });
  for await (const chunk of readChunks({ path, compression: 'none' })) {
    splitter.push(chunk);
    if (has) break;
  }
  return has;
}

async function findAgain(
  descriptor: number,
  lines: readonly PlainLine[],
  archived: ArchivedLines,
): Promise<Set<PlainLine>> {
  const candidates = archived.isEmpty ? [] : lines.filter(({ atUs }) => archived.mayHold(atUs));
  const digests = [...linesOf(descriptor, candidates)].map((bytes) => digestOfLine(withoutEnd(bytes)));
  const times = candidates.map(({ atUs }) => atUs);
  const found = await archived.holding(new Set(digests), times);
  return new Set(candidates.filter((_, number) => found.has(digests[number]!)));
}

function withoutEnd(line: Buffer): Buffer {
  const end = line.length - 1;
  return line.subarray(0, line[end - 1] === 13 ? end - 1 : end);
}

const runBytes = 1024 * 1024;

/** The bytes of lines, in their order; those that follow each other in the log are read together. */
function* linesOf(descriptor: number, lines: readonly PlainLine[]): Generator<Buffer> {
  for (let first = 0; first < lines.length; ) {
    const start = lines[first]!.offset;
    let end = start + lines[first]!.length;
    let next = first + 1;
    while (next < lines.length && lines[next]!.offset === end && end - start < runBytes)
      end += lines[next++]!.length;
    const bytes = readRange(descriptor, start, end - start);
    for (const { offset, length } of lines.slice(first, next))
      yield bytes.subarray(offset - start, offset - start + length);
    first = next;
  }
}

function cutsOf(descriptor: number, lines: readonly PlainLine[]): LogCut[] {
  const cuts: { offset: number; length: number }[] = [];
  for (const { offset, length } of lines.toSorted((a, b) => a.offset - b.offset)) {
    const last = cuts.at(-1);
    if (last !== undefined && last.offset + last.length === offset) last.length += length;
    else cuts.push({ offset, length });
  }
  return cuts.map(({ offset, length }) => ({
    offset,
    length,
    sha256: digestOfRange(descriptor, offset, length),
  }));
}

function packGroup(
  descriptor: number,
  { period, lines }: LineGroup,
  path?: string,
): { segment: NewSegment; sha256: string } {
  const writer = new SegmentWriter(path);
  let number = 0;
  for (const bytes of linesOf(descriptor, lines)) writer.add(bytes, lines[number++]!.atUs);
  const { sha256, ...held } = writer.finish();
  const { lines: count, bytes, fromUs, toUs } = held;
  return { segment: { file: null, period, lines: count, bytes, packed: writer.size, fromUs, toUs }, sha256 };
}

function writeGroup(root: string, descriptor: number, group: LineGroup): NewSegment {
  const folder = snapshotsFolder(root);
  const temporary = temporaryPathFor(join(folder, 'segment.zst'));
  try {
    const { segment, sha256 } = packGroup(descriptor, group, temporary);
    if (!isSame(temporary, descriptor, group.lines))
      throw new Error('what was written is not what is read back');
    for (let number = 1; ; number++) {
      const path = join(folder, segmentNameOf(group.period, sha256, number));
      // The very segment may be there from a time that was interrupted before the log was cut.
      if (linkToNew(temporary, path) || isSame(path, descriptor, group.lines))
        return { ...segment, file: bookPath(root, path) };
    }
  } catch (error) {
    throw writeErrorOf(join(folder, basename(temporary)), error);
  } finally {
    removeQuietly(temporary);
  }
}

/** Whether a segment on disk holds some lines of the log, letter for letter, in their order. */
function isSame(path: string, descriptor: number, lines: readonly PlainLine[]): boolean {
  const segment = SegmentFile.open(path);
  if (segment === undefined) return false;
  try {
    let at = 0;
    for (const bytes of linesOf(descriptor, lines)) {
      if (!segment.read(at, bytes.length).equals(bytes)) return false;
      at += bytes.length;
    }
    return at === segment.size && segment.table.lines === lines.length;
  } catch {
    return false;
  } finally {
    segment.close();
  }
}
