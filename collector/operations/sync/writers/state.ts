import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../base/atomic-file.ts';
import { isObject } from '../../../base/json/json.ts';
import { parseLenientJson } from '../../../base/json/lenient.ts';
import { jsonText } from '../../../base/json/text.ts';
import type { SyncPlace } from '../place.ts';

/** How far a file has gone to the remote: the id of what was pushed, or of a log so many bytes, and a digest of the last of them. */
export type Extent = { oid: string } | { bytes: number; ends: string };

/** What a clone has pushed to the ref of its own. */
export interface WriterState {
  writer: string;
  /** The last commit it pushed there. */
  commit: string | undefined;
  /** What that commit and those before it hold, by path. */
  pushed: Map<string, Extent>;
  /** What was sealed: the ref was gone when more was pushed. */
  sealed: Map<string, Extent>;
}

/**
 * Reads it from git's folder of this work tree. It spares work and nothing hangs on it: without it all is pushed again, under
 * another name, and the collector knows each line.
 */
export function readWriterState(place: SyncPlace): WriterState {
  try {
    const read = parseLenientJson(readFileSync(statePath(place), 'utf8'));
    const value = read.ok ? read.value : null;
    if (isObject(value) && /^[0-9a-f]{12}$/.test(String(value['writer']))) {
      const { writer, commit, pushed, sealed } = value as Record<string, unknown>;
      return {
        writer: String(writer),
        commit: typeof commit === 'string' ? commit : undefined,
        pushed: new Map(Object.entries(pushed as Record<string, Extent>)),
        sealed: new Map(Object.entries(sealed as Record<string, Extent>)),
      };
    }
  } catch {
    // There is none yet, or it is damaged.
  }
  return newWriter();
}

/** A writer that has pushed nothing. */
export function newWriter(): WriterState {
  return { writer: randomBytes(6).toString('hex'), commit: undefined, pushed: new Map(), sealed: new Map() };
}

/** Writes it, once what it says is true of the remote. */
export function writeWriterState(place: SyncPlace, { writer, commit, pushed, sealed }: WriterState): void {
  const value = {
    writer,
    commit: commit ?? null,
    pushed: Object.fromEntries(pushed),
    sealed: Object.fromEntries(sealed),
  };
  writeFileAtomic(statePath(place), `${jsonText(value)}\n`);
}

function statePath({ gitFolder, remote, prefix }: SyncPlace): string {
  const key = createHash('sha256').update(`${remote}\n${prefix}`).digest('hex').slice(0, 12);
  return join(gitFolder, `daybook-writer-${key}.json`);
}

/** How far a log reaches. */
export function extentOf(log: Buffer): Extent {
  return { bytes: log.length, ends: endOf(log, log.length) };
}

/** What of a log lies behind an extent; all of it where the log was replaced since. */
export function behind(log: Buffer, extent: Extent | undefined): Buffer {
  if (extent === undefined || !('bytes' in extent) || extent.bytes > log.length) return log;
  return endOf(log, extent.bytes) === extent.ends ? log.subarray(extent.bytes) : log;
}

function endOf(log: Buffer, bytes: number): string {
  const last = log.subarray(Math.max(0, bytes - 300), bytes);
  return createHash('sha256').update(last).digest('hex').slice(0, 16);
}
