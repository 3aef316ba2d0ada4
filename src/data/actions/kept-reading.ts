import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { LogPlace } from '../../../collector/store/log-reader.ts';
import { jsonText, parsePlainJson } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import type { ActionShard } from './index.ts';
import {
  chunkBytes,
  chunkIn,
  chunkLines,
  type KeptLines,
  type LineChunk,
  LineTable,
  placeIn,
} from './line-table.ts';

/** What is kept of a reading for one that goes on from there; its lines, and what they were seen as, lie beside it. */
export interface KeptReading {
  shards: ActionShard[];
  /** What each shard was made of. */
  marks: string[];
  /** Where a later reading can go on; undefined where it must read all. */
  goingOn?: {
    place: Omit<LogPlace, 'seen'>;
    /** Findings so far, without those that only the end of the log brings. */
    findings: Finding[];
    lines: number;
    oddBytes: number;
    /** The first and the last line of each shard, by their numbers. */
    bounds: number[];
  };
}

const seenName = 'seen-lines.bin';
const seenParts = ['keys', 'keyed', 'times', 'offsets', 'files'] as const;
const namesName = 'line-names.json';
/** Where rows lie that cannot be made of the log again. */
export const oddName = 'odd-rows.jsonl';
const chunkName = (number: number) => `lines-${String(number).padStart(5, '0')}.bin`;

/** Writes what a reading knows into a folder; what has not changed since `before` was kept is linked from there. */
export function keepLines(
  folder: string,
  table: LineTable,
  seen: LogPlace['seen'],
  before: { folder: string; lines: number } | undefined,
): void {
  const closed = Math.floor((before?.lines ?? 0) / chunkLines);
  for (const [number, { at }] of table.chunks.entries()) {
    const path = join(folder, chunkName(number));
    if (number < closed) linkOrCopy(join(before!.folder, chunkName(number)), path);
    else writeFileSync(path, new Uint8Array(at.buffer));
  }
  const { stamps, runs, files, ids } = table;
  writeFileSync(join(folder, namesName), jsonText({ stamps, runs, files, ids }));
  writeSeen(join(folder, seenName), seen);
}

/** Takes up again what was kept of the files of a log; undefined where that is not whole. */
export function keptLines(
  folder: string,
  lines: number,
  files: readonly { path: string }[],
): { table: LineTable; seen: LogPlace['seen'] } | undefined {
  try {
    const names = parsePlainJson(readFileSync(join(folder, namesName), 'utf8')) as Omit<
      KeptLines,
      'count' | 'chunks'
    >;
    const chunks = Array.from({ length: Math.ceil(lines / chunkLines) }, (_, number) =>
      readLineChunk(join(folder, chunkName(number))),
    );
    const table = LineTable.of({ ...names, count: lines, chunks });
    return { table, seen: readSeen(join(folder, seenName), table, files) };
  } catch {
    return undefined;
  }
}

function readLineChunk(path: string): LineChunk {
  const buffer = new SharedArrayBuffer(chunkBytes);
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(buffer);
    if (fstatSync(descriptor).size !== chunkBytes || readSync(descriptor, bytes) !== chunkBytes)
      throw new Error('cut');
  } finally {
    closeSync(descriptor);
  }
  return chunkIn(buffer);
}

/** Makes the odd rows of an earlier build one's own. */
export function copyOddRows(from: string, to: string): void {
  copyFileSync(join(from, oddName), join(to, oddName));
}

/** What follows from the lines is not written down. */
function writeSeen(path: string, seen: LogPlace['seen']): void {
  const parts = (seen.hasLone ? seenParts : seenParts.slice(0, 2)).map((name) => seen[name]);
  const lengths = Float64Array.from(parts.map((part) => part.length));
  writeFileSync(path, Float64Array.of(parts.length, ...lengths));
  // One behind the other: all of them once more in memory would be as much again.
  for (const { buffer, byteOffset, byteLength } of parts)
    appendFileSync(path, new Uint8Array(buffer, byteOffset, byteLength));
}

/** @throws where it is not whole. */
function readSeen(path: string, table: LineTable, files: readonly { path: string }[]): LogPlace['seen'] {
  const bytes = readFileSync(path);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const count = all[0]!;
  let at = count + 1;
  const parts = seenParts.slice(0, count).map((name, number) => {
    const part = all.subarray(at, at + all[number + 1]!);
    at += part.length;
    return [name, part] as const;
  });
  if (at !== all.length || (count !== 2 && count !== seenParts.length)) throw new Error('cut');
  const { keys, keyed, ...told } = Object.fromEntries(parts) as unknown as Omit<LogPlace['seen'], 'hasLone'>;
  return { keys, keyed, ...(count === 2 ? newestIn(table, files) : told), hasLone: count !== 2 };
}

/** The lines that were newer than all before them. */
function newestIn(
  table: LineTable,
  files: readonly { path: string }[],
): Pick<LogPlace['seen'], 'times' | 'offsets' | 'files'> {
  const [times, offsets] = [new Float64Array(table.count), new Float64Array(table.count)];
  const runs: number[] = [];
  const numbers = table.files.map((file) =>
    Math.max(
      0,
      files.findIndex(({ path }) => path === file),
    ),
  );
  let [found, newest] = [0, Number.NEGATIVE_INFINITY];
  for (const { chunk, count } of table.parts()) {
    for (let at = 0; at < count; at++) {
      const atUs = chunk.at[at]!;
      if (atUs <= newest) continue;
      newest = atUs;
      times[found] = atUs;
      const { file, offset } = placeIn(chunk, at);
      offsets[found++] = offset;
      if (runs.at(-2) === numbers[file]) runs[runs.length - 1]! += 1;
      else runs.push(numbers[file]!, 1);
    }
  }
  return {
    times: times.subarray(0, found),
    offsets: offsets.subarray(0, found),
    files: Float64Array.from(runs),
  };
}
