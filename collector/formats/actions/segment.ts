import { isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';

/*
 * An archived segment of the log is a .zst file that every zstd reads: frames with a checksum, each with whole lines and about
 * a mebibyte of them; then a frame that readers skip, with what Daybook knows of the lines; then the table of frames that the
 * "zstd seekable format" describes. So a line is read by decompressing the one frame that has it.
 */

/** One frame: where it lies in the file, what it holds of the log, and the times of its records. */
export interface SegmentFrame {
  at: number;
  size: number;
  /** Where its lines begin in all that the segment holds, and how many bytes and lines they are. */
  start: number;
  bytes: number;
  lines: number;
  fromUs: number;
  toUs: number;
}

/** What a segment holds. */
export interface SegmentTable {
  frames: SegmentFrame[];
  bytes: number;
  lines: number;
  /** Of all its lines, as they stood in the log. */
  sha256: string;
  fromUs: number;
  toUs: number;
  /** Whether something was taken out of one of its lines for good. */
  redacted: boolean;
  /** Of a segment of snapshots: each of its lines in their order, by the name that its file had, with the size of that. */
  names?: [name: string, bytes: number][];
}

const knownMagic = 0x184d2a5d;
const tableMagic = 0x184d2a5e;
const seekableMagic = 0x8f92eab1;
const footerBytes = 9;
const entryBytes = 8;
const [logFormat, snapshotFormat] = ['daybook-log-segment', 'daybook-snapshot-segment'];

/** The name of a segment: the time of its lines, and what tells it from one with other lines of that time. */
export function segmentNameOf(period: string, sha256: string, number = 1): string {
  return `action_log-${period}-${sha256.slice(0, 8)}${number === 1 ? '' : `_${number}`}.jsonl.zst`;
}

/** The name of a segment of periodic snapshots. */
export function snapshotSegmentNameOf(period: string, sha256: string, number = 1): string {
  return `periodic-${period}-${sha256.slice(0, 8)}${number === 1 ? '' : `_${number}`}.jsonl.zst`;
}

/** Whether a file has the name of a segment of periodic snapshots. */
export function isSnapshotSegmentName(name: string): boolean {
  return /^periodic-[^/]*\.jsonl\.zst$/.test(name);
}

/** Whether a file has the name of a segment that Daybook wrote, whatever it holds. */
export function isSegmentName(name: string): boolean {
  return /^action_log-\d{4}-\d\d(-\d\d)?-[0-9a-f]{8}(_\d+)?\.jsonl\.zst$/.test(name);
}

/** What stands behind the frames of a segment. */
export function serializeTable({ frames, bytes, lines, sha256, redacted, names }: SegmentTable): Buffer {
  const times = frames.map((frame) => [frame.lines, frame.fromUs, frame.toUs]);
  const format = names === undefined ? logFormat : snapshotFormat;
  const facts = { format, version: 1, lines, bytes, sha256, redacted, frames: times };
  const known = skippable(
    knownMagic,
    Buffer.from(jsonText(names === undefined ? facts : { ...facts, names })),
  );
  const table = Buffer.alloc((frames.length + 1) * entryBytes + footerBytes);
  for (const [number, frame] of [...frames, { size: known.length, bytes: 0 }].entries()) {
    table.writeUInt32LE(frame.size, number * entryBytes);
    table.writeUInt32LE(frame.bytes, number * entryBytes + 4);
  }
  table.writeUInt32LE(frames.length + 1, table.length - footerBytes);
  table.writeUInt32LE(seekableMagic, table.length - 4);
  return Buffer.concat([known, skippable(tableMagic, table)]);
}

/** The table of a file of `size` bytes, which `read` gives pieces of; undefined where it has none that is whole. */
export function parseTable(
  size: number,
  read: (from: number, length: number) => Buffer,
): SegmentTable | undefined {
  const entries = readEntries(size, read);
  const last = entries?.pop();
  if (entries === undefined || last === undefined || last.bytes !== 0) return undefined;
  const at = entries.reduce((sum, entry) => sum + entry.size, 0);
  const known = read(at, last.size);
  if (known.length < 8 || known.readUInt32LE(0) !== knownMagic) return undefined;
  return tableOf(entries, parsed(known.toString('utf8', 8)));
}

interface Entry {
  size: number;
  bytes: number;
}

function readEntries(size: number, read: (from: number, length: number) => Buffer): Entry[] | undefined {
  if (size < footerBytes + 8) return undefined;
  const footer = read(size - footerBytes, footerBytes);
  if (footer.length < footerBytes || footer.readUInt32LE(5) !== seekableMagic || footer[4] !== 0)
    return undefined;
  const count = footer.readUInt32LE(0);
  const tableBytes = 8 + count * entryBytes + footerBytes;
  if (tableBytes > size) return undefined;
  const table = read(size - tableBytes, tableBytes);
  if (table.readUInt32LE(0) !== tableMagic || table.readUInt32LE(4) !== tableBytes - 8) return undefined;
  const entries = Array.from({ length: count }, (_, number) => ({
    size: table.readUInt32LE(8 + number * entryBytes),
    bytes: table.readUInt32LE(12 + number * entryBytes),
  }));
  return entries.reduce((sum, entry) => sum + entry.size, tableBytes) === size ? entries : undefined;
}

function tableOf(entries: readonly Entry[], known: JsonValue | undefined): SegmentTable | undefined {
  if (!isObject(known) || known['version'] !== 1) return undefined;
  const { format, frames: times, sha256 } = known;
  if (format !== logFormat && format !== snapshotFormat) return undefined;
  if (!Array.isArray(times) || times.length !== entries.length || typeof sha256 !== 'string')
    return undefined;
  const table: SegmentTable = {
    frames: [],
    bytes: 0,
    lines: 0,
    sha256,
    redacted: known['redacted'] === true,
    fromUs: Number.POSITIVE_INFINITY,
    toUs: Number.NEGATIVE_INFINITY,
    ...(format === snapshotFormat ? { names: [] } : {}),
  };
  let at = 0;
  for (const [number, { size, bytes }] of entries.entries()) {
    const [lines, fromUs, toUs] = Array.isArray(times[number]) ? times[number] : [];
    if (typeof lines !== 'number' || typeof fromUs !== 'number' || typeof toUs !== 'number') return undefined;
    table.frames.push({ at, size, start: table.bytes, bytes, lines, fromUs, toUs });
    at += size;
    table.bytes += bytes;
    table.lines += lines;
    table.fromUs = Math.min(table.fromUs, fromUs);
    table.toUs = Math.max(table.toUs, toUs);
  }
  if (table.names === undefined) return table;
  table.names = namesOf(known['names']);
  return table.names.length === table.lines ? table : undefined;
}

function namesOf(value: JsonValue | undefined): [string, number][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each): [string, number][] => {
    const [name, bytes] = Array.isArray(each) ? each : [];
    return typeof name === 'string' && typeof bytes === 'number' ? [[name, bytes]] : [];
  });
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parsePlainJson(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function skippable(magic: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}
