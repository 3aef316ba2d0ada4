import { basename, join } from 'node:path';
import { isObject } from '../../base/json/json.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';
import { isSnapshotSegmentName, type SegmentTable } from '../../formats/actions/segment.ts';
import { type FileFacts, quickFactsOf } from '../file-facts.ts';
import { listSnapshotNames, snapshotsFolder } from '../layout.ts';
import { refuseObstacle } from '../recorded-file.ts';
import { SegmentFile } from './segment-file.ts';

/** A periodic snapshot in a segment. */
export interface ArchivedSnapshot {
  /** The name that its file had in snapshots/. */
  name: string;
  /** The segment: its path, and its name in snapshots/. */
  path: string;
  segment: string;
  /** Size of its text. */
  bytes: number;
}

/** A segment of snapshots that cannot be read, and why. */
export interface BadSegment {
  segment: string;
  error: unknown;
}

/** All archived snapshots of a book by name, and the segments that cannot be read. Contents are read when they are asked for. */
export function archivedSnapshots(
  root: string,
  names = listSnapshotNames(root),
): { byName: ReadonlyMap<string, ArchivedSnapshot>; segments: string[]; bad: BadSegment[] } {
  const byName = new Map<string, ArchivedSnapshot>();
  const segments: string[] = [];
  const bad: BadSegment[] = [];
  for (const segment of names.filter(isSnapshotSegmentName)) {
    const path = join(snapshotsFolder(root), segment);
    try {
      const { table, places } = open(path);
      segments.push(segment);
      // Of two that have a snapshot the one counts in which something was taken out for good.
      for (const [name, { bytes }] of places)
        if (table.redacted || !byName.has(name)) byName.set(name, { name, path, segment, bytes });
    } catch (error) {
      bad.push({ segment, error });
    }
  }
  return { byName, segments, bad };
}

/** One archived snapshot by the name of its file. */
export function findArchived(root: string, name: string): ArchivedSnapshot | undefined {
  let found: ArchivedSnapshot | undefined;
  for (const segment of listSnapshotNames(root).filter(isSnapshotSegmentName)) {
    const path = join(snapshotsFolder(root), segment);
    try {
      const { table, places } = open(path);
      const place = found === undefined || table.redacted ? places.get(name) : undefined;
      if (place !== undefined) found = { name, path, segment, bytes: place.bytes };
    } catch {
      // Who looks at all of them says which cannot be read.
    }
  }
  return found;
}

/** The names of the snapshots that a segment holds, in their order. @throws where it cannot be read. */
export function snapshotsIn(path: string): string[] {
  return [...open(path).places.keys()];
}

/** The text of an archived snapshot, byte for byte as its file had it. @throws where its part of the segment is damaged. */
export function readArchived({ path, name }: Pick<ArchivedSnapshot, 'path' | 'name'>): Buffer {
  const known = open(path);
  const place = known.places.get(name);
  if (place === undefined) throw new Error(`${basename(path)} has no ${name} any more`);
  return Buffer.from(textsOf(known, place.frame)[place.number]!);
}

/** What an archived snapshot is written as: its name and its text, in one line of JSON. */
export function archivedLine(name: string, text: string): Buffer {
  return Buffer.from(`${jsonText({ name, text })}\n`);
}

interface Known {
  path: string;
  facts: FileFacts;
  table: SegmentTable;
  places: ReadonlyMap<string, { frame: number; number: number; bytes: number }>;
}

/** Tables and the frame read last: snapshots that are asked for one after the other mostly lie in one. */
const tables = new Map<string, Known>();
let last: { known: Known; frame: number; texts: string[] } | undefined;
const mostTables = 1000;

function open(path: string): Known {
  refuseObstacle(path, 'unreadable');
  const facts = quickFactsOf(path);
  if (facts === undefined) throw new Error('it is no file');
  const known = tables.get(path);
  if (known !== undefined && known.facts.text === facts.text) return known;
  const file = SegmentFile.open(path);
  const names = file?.table.names;
  file?.close();
  if (names === undefined) throw new Error('a segment whose end is missing or damaged');
  const places = new Map<string, { frame: number; number: number; bytes: number }>();
  let at = 0;
  for (const [frame, { lines }] of file!.table.frames.entries())
    for (let number = 0; number < lines; number++, at++)
      places.set(names[at]![0], { frame, number, bytes: names[at]![1] });
  if (tables.size >= mostTables) tables.clear();
  const made = { path, facts, table: file!.table, places };
  tables.set(path, made);
  return made;
}

function textsOf(known: Known, frame: number): string[] {
  if (last?.known === known && last.frame === frame) return last.texts;
  const file = SegmentFile.open(known.path);
  if (file === undefined) throw new Error('a segment whose end is missing or damaged');
  try {
    const texts = file
      .frame(frame)
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const value = parsePlainJson(line);
        if (!isObject(value) || typeof value['text'] !== 'string')
          throw new Error('a line that is no snapshot');
        return value['text'];
      });
    if (texts.length !== known.table.frames[frame]!.lines)
      throw new Error('other lines than its table names');
    last = { known, frame, texts };
    return texts;
  } finally {
    file.close();
  }
}
