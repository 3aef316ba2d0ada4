import { join } from 'node:path';
import { parseLfsPointer } from '../base/lfs-pointer.ts';
import { bookPath } from '../base/paths.ts';
import { parseTime } from '../base/time.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { lastLines, tooLong } from './last-lines.ts';
import {
  isActionFile,
  type LogSegment,
  listLogSegments,
  listSnapshotNames,
  snapshotsFolder,
} from './layout.ts';
import { LineFile } from './line-file.ts';
import { makeFinding, type ParsedLine, parseLine } from './line-parser.ts';
import { peekEnds } from './lines-from-end.ts';
import { readChunks } from './read-file.ts';
import { readRecorded, whyUnreadable } from './recorded-file.ts';
import { tableOfSegment } from './segments/segment-file.ts';

/** The newest actions of a book, and what was noticed of the lines that were read for them. */
export interface NewestActions {
  records: ActionRecord[];
  findings: Finding[];
}

/** Neighbours in a log are not strictly in order: so many lines more than asked for are looked at. */
const slack = 64;

/**
 * The newest `count` actions, newest first. Plain files are read from their ends, so that the cost does not grow with
 * the log. Line numbers are not known from the end: they are 0.
 */
export async function newestActions(root: string, count: number): Promise<NewestActions> {
  const names = listSnapshotNames(root);
  const records = new Map<string, ActionRecord>();
  const findings: Finding[] = [];
  const report = (finding: Finding) => findings.push(finding);
  const take = ({ record, finding, more = [] }: ParsedLine) => {
    if (finding !== undefined) report(finding);
    for (const each of [...more].reverse().concat(record ?? [])) {
      // Of lines that are the same the first one in the file counts, as where the whole log is read.
      const known = records.get(each.sameness);
      records.delete(each.sameness);
      records.set(each.sameness, known ?? each);
    }
  };
  const segments = listLogSegments(root, names);
  // Which actions have files of their own and are not in the log is only told where every line is read.
  const needed = names.some(isActionFile) ? Number.POSITIVE_INFINITY : count;
  const complain = (path: string, error: unknown) => findings.push(unreadable(root, path, error));
  for (const segment of segments) {
    if (segment.compression !== 'none') continue;
    try {
      if (isPlain(segment.path)) lastLines(root, segment.path, needed, count + slack).forEach(take);
      else await takeWhole(root, segment, count + slack, take, report);
    } catch (error) {
      complain(segment.path, error);
    }
  }
  for (const { segment, toUs } of fromNewest(segments)) {
    const isEnough = records.size >= count && !(toUs !== undefined && toUs >= oldestOf(records, count));
    if (isEnough) continue;
    try {
      if (toUs === undefined || !takeLast(root, segment.path, needed, count + slack, take))
        await takeWhole(root, segment, count + slack, take, report);
    } catch (error) {
      complain(segment.path, error);
    }
  }
  const logged = new Set([...records.values()].map((record) => record.snapshotId));
  for (const name of unloggedFiles(names, logged, oldestOf(records, count), count + slack)) {
    const path = join(snapshotsFolder(root), name);
    try {
      take(parseLine(readRecorded(path), bookPath(root, path), 1));
    } catch (error) {
      complain(path, error);
    }
  }
  return { records: newestOf(records, count), findings };
}

/** Compressed files of the log, the newest first of those that say how new they are; the others before them. */
function fromNewest(segments: readonly LogSegment[]): { segment: LogSegment; toUs: number | undefined }[] {
  return segments
    .filter(({ compression }) => compression !== 'none')
    .map((segment) => ({ segment, toUs: timeOfNewest(segment) }))
    .sort((a, b) => (b.toUs ?? Number.MAX_VALUE) - (a.toUs ?? Number.MAX_VALUE));
}

function timeOfNewest({ path, compression }: LogSegment): number | undefined {
  return compression === 'zstd' ? tableOfSegment(path)?.toUs : undefined;
}

/** False, and nothing is taken, where part of it is damaged: then what can be read of it is read from its beginning. */
function takeLast(
  root: string,
  path: string,
  count: number,
  most: number,
  take: (line: ParsedLine) => void,
): boolean {
  let lines: ParsedLine[];
  try {
    lines = lastLines(root, path, count, most);
  } catch {
    return false;
  }
  lines.forEach(take);
  return true;
}

/** Whether a file may be read from its end: it holds itself, in UTF-8, as far as its beginning and end tell. */
function isPlain(path: string): boolean {
  const { head, tail } = peekEnds(path);
  return !head.includes(0) && !tail.includes(0) && parseLfsPointer(head) === undefined;
}

/** The last lines of a file that can only be read from its beginning, the newest first. */
async function takeWhole(
  root: string,
  segment: LogSegment,
  most: number,
  take: (line: ParsedLine) => void,
  report: (finding: Finding) => void,
): Promise<void> {
  const file = bookPath(root, segment.path);
  const last: ParsedLine[] = [];
  const splitter = new LineFile(file, report, (bytes, line) => {
    if (bytes === undefined) last.push({ record: undefined, finding: tooLong(file) });
    else if (bytes.length > 0) last.push(parseLine(bytes, file, line));
    if (last.length > 2 * most) last.splice(0, last.length - most);
  });
  try {
    for await (const chunk of readChunks(segment, 0, (gap) => splitter.skip(gap))) splitter.push(chunk);
  } finally {
    splitter.end();
    for (const line of last.reverse().slice(0, most)) take(line);
  }
}

function unreadable(root: string, path: string, error: unknown): Finding {
  const found = whyUnreadable(path, error);
  const hint = 'The rest is shown; restore the file from git or a backup.';
  return makeFinding('unreadable', 'error', bookPath(root, path), undefined, 'a readable file', found, hint);
}

/** Action files the log cannot hold: newer than the oldest record found, and none of those found; the newest `most`. */
function unloggedFiles(names: string[], logged: Set<string>, oldestUs: number, most: number): string[] {
  const timed: { name: string; atUs: number }[] = [];
  const untimed: string[] = [];
  for (const name of names) {
    if (!isActionFile(name)) continue;
    const id = name.slice(0, -'.json'.length);
    if (logged.has(id)) continue;
    const atUs = timeInId(id);
    if (atUs === undefined) untimed.push(name);
    else if (atUs >= oldestUs) timed.push({ name, atUs });
  }
  timed.sort((a, b) => b.atUs - a.atUs);
  // A name without a time says nothing about how new its action is: those are all read.
  return [...untimed, ...timed.slice(0, most).map(({ name }) => name)];
}

function timeInId(id: string): number | undefined {
  const match = /^action_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{6})/.exec(id);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, micros] = match;
  return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${micros}Z`)?.us;
}

function oldestOf(records: Map<string, ActionRecord>, count: number): number {
  return records.size < count ? Number.NEGATIVE_INFINITY : (newestOf(records, count).at(-1)?.atUs ?? 0);
}

/** The sort is stable: within one microsecond the order from the end of the file stays. */
function newestOf(records: Map<string, ActionRecord>, count: number): ActionRecord[] {
  return [...records.values()].sort((a, b) => b.atUs - a.atUs).slice(0, count);
}
