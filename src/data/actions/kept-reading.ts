import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { LogPlace } from '../../../collector/store/log-reader.ts';
import { jsonText, parsePlainJson } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import type { ActionShard } from './index.ts';
import { chunkBytes, chunkIn, chunkLines, type KeptLines, LineTable } from './line-table.ts';

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
  };
}

const seenName = 'seen-lines.bin';
const seenParts = ['times', 'offsets', 'files', 'keys', 'keyed'] as const;
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

/** Takes up again what was kept; undefined where that is not whole. */
export function keptLines(
  folder: string,
  lines: number,
): { table: LineTable; seen: LogPlace['seen'] } | undefined {
  try {
    const names = parsePlainJson(readFileSync(join(folder, namesName), 'utf8')) as Omit<
      KeptLines,
      'count' | 'chunks'
    >;
    const chunks = Array.from({ length: Math.ceil(lines / chunkLines) }, (_, number) => {
      const bytes = readFileSync(join(folder, chunkName(number)));
      if (bytes.length !== chunkBytes) throw new Error('cut');
      const buffer = new SharedArrayBuffer(chunkBytes);
      new Uint8Array(buffer).set(bytes);
      return chunkIn(buffer);
    });
    return {
      table: LineTable.of({ ...names, count: lines, chunks }),
      seen: readSeen(join(folder, seenName)),
    };
  } catch {
    return undefined;
  }
}

/** Makes the odd rows of an earlier build one's own. */
export function copyOddRows(from: string, to: string): void {
  copyFileSync(join(from, oddName), join(to, oddName));
}

function writeSeen(path: string, seen: LogPlace['seen']): void {
  const parts = seenParts.map((name) => seen[name]);
  const lengths = Float64Array.from(parts.map((part) => part.length));
  writeFileSync(path, lengths);
  // One behind the other: all of them once more in memory would be as much again.
  for (const { buffer, byteOffset, byteLength } of parts)
    appendFileSync(path, new Uint8Array(buffer, byteOffset, byteLength));
}

/** @throws where it is not whole. */
function readSeen(path: string): LogPlace['seen'] {
  const bytes = readFileSync(path);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let at = seenParts.length;
  const parts = seenParts.map((name, number) => {
    const part = all.subarray(at, at + all[number]!);
    at += all[number]!;
    return [name, part] as const;
  });
  if (at !== all.length) throw new Error('cut');
  return Object.fromEntries(parts) as LogPlace['seen'];
}
