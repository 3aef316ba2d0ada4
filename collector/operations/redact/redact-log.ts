import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { crc32Hex } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { bookPath } from '../../base/paths.ts';
import { RedactedLines, redactedLine, redactRecord, type Tombstone } from '../../formats/redaction.ts';
import type { LogEdit } from '../../store/edited-copy.ts';
import {
  isActionFile,
  type LogSegment,
  listLogSegments,
  listSnapshotNames,
  snapshotsFolder,
} from '../../store/layout.ts';
import { lookThrough } from '../../store/log-sums.ts';
import { obstacleAt } from '../../store/recorded-file.ts';
import { replaceLog } from '../../store/replace-log.ts';
import { knownSegments } from '../../store/segments/archive-log.ts';
import { rewriteSegment } from '../../store/segments/rewrite-segment.ts';
import { tableOfSegment } from '../../store/segments/segment-file.ts';

/** What was changed, and what had stood there. */
export interface RedactedFiles {
  files: string[];
  removed: JsonValue[];
  /** Processes that still write to a file that was replaced. */
  openIn: number[];
}

/** Takes something out of every line of the log with an id, in all its files, and out of files with one action each. */
export async function redactInLog(root: string, id: string, tombstone: Tombstone): Promise<RedactedFiles> {
  const result: RedactedFiles = { files: [], removed: [], openIn: [] };
  const change = (line: string) => {
    const record = line.includes(id.replace(/~[0-9a-f]{8}$/, '')) ? recordOf(line) : undefined;
    if (record === undefined || !isCalled(record, line, id)) return undefined;
    const redacted = redactRecord(record, tombstone);
    if (redacted === undefined) return undefined;
    result.removed.push(...redacted.removed);
    return redactedLine(redacted.record, 'checksum' in record);
  };
  for (const segment of listLogSegments(root)) {
    if (obstacleAt(segment.path) !== undefined) continue;
    const openIn = await changeLines(root, segment, change);
    if (openIn === undefined) continue;
    result.files.push(bookPath(root, segment.path));
    result.openIn.push(...openIn);
  }
  for (const name of listSnapshotNames(root).filter(isActionFile)) {
    const path = join(snapshotsFolder(root), name);
    const record = recordOf(readFileSync(path, 'utf8'));
    if (record === undefined) continue;
    const line = change(jsonText(record));
    if (line === undefined) continue;
    writeFileAtomic(path, `${jsonText(parseJson(line), 2)}\n`);
    result.files.push(`snapshots/${name}`);
  }
  return result;
}

/**
 * Takes lines out of the log that a redaction replaced and that a copy of the log brought back, or that another clone archived before it
 * knew of the redaction. Cheap where there is none.
 */
export async function dropReturnedLines(root: string): Promise<void> {
  const archived = redactedSegments(root);
  const ofAll = new RedactedLines();
  for (const segment of listLogSegments(root)) {
    if (segment.compression !== 'none' || obstacleAt(segment.path) !== undefined) continue;
    if (archived.length === 0 && lookThrough(root, segment.path, true)?.hasTombstone !== true) continue;
    const redacted = new RedactedLines();
    for (const lines of archived) for (const { line } of linesOf(lines)) redacted.take(line);
    for (const { line } of linesOf(readFileSync(segment.path))) {
      redacted.take(line);
      ofAll.take(line);
    }
    if (redacted.isEmpty) continue;
    await changeLines(root, segment, (line) => (redacted.replaces(line) ? null : undefined));
  }
  if (!ofAll.isEmpty) await dropFromSegments(root, ofAll);
}

/** Only segments of the times of what was redacted are looked at. */
async function dropFromSegments(root: string, redacted: RedactedLines): Promise<void> {
  const times = redacted.timesUs;
  for (const { path, table } of knownSegments(root)) {
    if (!times.some((atUs) => table.fromUs <= atUs && atUs <= table.toUs)) continue;
    const segment = { path, compression: 'zstd' } as const;
    await changeLines(root, segment, (line) => (redacted.replaces(line) ? null : undefined));
  }
}

/** What segments hold that have tombstones. */
function redactedSegments(root: string): Buffer[] {
  return knownSegments(root).flatMap(({ path, table }) =>
    table.redacted ? [zstdDecompressSync(readFileSync(path))] : [],
  );
}

/** `change` gives another line, null for none, or undefined where a line stays. Undefined where all do. */
async function changeLines(
  root: string,
  { path, compression }: LogSegment,
  change: (line: string) => string | null | undefined,
): Promise<number[] | undefined> {
  if (compression === 'none') {
    const { edits, openIn } = await replaceLog(
      root,
      path,
      async () => editsOf(readFileSync(path), change),
      'drop',
    );
    return edits === 0 ? undefined : openIn;
  }
  // Archived files have no writers.
  const packed = readFileSync(path);
  const bytes = compression === 'gzip' ? gunzipSync(packed) : zstdDecompressSync(packed);
  const edits = editsOf(bytes, change);
  if (edits.length === 0) return undefined;
  let at = 0;
  const parts = edits.flatMap(({ offset, bytes: old, replacement }) => {
    const before = bytes.subarray(at, offset);
    at = offset + old.length;
    return [before, replacement];
  });
  const whole = Buffer.concat([...parts, bytes.subarray(at)]);
  if (whole.length === 0) rmSync(path);
  else if (compression === 'zstd' && tableOfSegment(path) !== undefined) rewriteSegment(path, whole);
  else writeFileAtomic(path, compression === 'gzip' ? gzipSync(whole) : zstdCompressSync(whole));
  return [];
}

function editsOf(bytes: Buffer, change: (line: string) => string | null | undefined): LogEdit[] {
  const edits: LogEdit[] = [];
  for (const { line, offset, length } of linesOf(bytes)) {
    const changed = change(line);
    if (changed === undefined) continue;
    const replacement = Buffer.from(changed === null ? '' : `${changed}\n`);
    edits.push({ offset, bytes: Buffer.from(bytes.subarray(offset, offset + length)), replacement });
  }
  return edits;
}

/** The whole lines of a file, with where they begin and how long they are with what ends them. */
function* linesOf(bytes: Buffer): Generator<{ line: string; offset: number; length: number }> {
  for (let at = 0, end = bytes.indexOf(10); end !== -1; at = end + 1, end = bytes.indexOf(10, at)) {
    const last = end > at && bytes[end - 1] === 13 ? end - 1 : end;
    yield { line: bytes.toString('utf8', at, last), offset: at, length: end + 1 - at };
  }
}

function isCalled(record: JsonObject, line: string, id: string): boolean {
  const action = record['action'];
  if (record['snapshot_id'] === id || (isObject(action) && action['id'] === id)) return true;
  return `${String(record['snapshot_id'])}~${crc32Hex(line)}` === id;
}

function recordOf(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
