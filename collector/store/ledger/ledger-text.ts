import { closeSync, fstatSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly, temporaryPathFor, writeErrorOf } from '../../base/atomic-file.ts';
import type { LedgerKey } from '../../formats/ledger-record.ts';

/** A ledger's file as it was written or read: size, time of change and inode. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'none' : `${stat.size} ${stat.mtimeNs} ${stat.ino}`;
}

/** How old a file must be before its stamp alone proves that it is unchanged: clocks of file systems tick slowly. */
const youngMs = 50;

/** Whether a file was changed so lately that another change could have the same time. */
export function isYoung(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < youngMs;
}

/**
 * Puts the text of a whole ledger in place, as the original would write it, and returns its stamp. `beforeRename` is the
 * last chance to stop by throwing.
 */
export function writeLedgerText(path: string, bytes: Buffer, beforeRename: () => void): string {
  const temporary = temporaryPathFor(path);
  try {
    const descriptor = openSync(temporary, 'wx', modeOf(path));
    let stamp: string;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      fsyncSync(descriptor);
      const stat = fstatSync(descriptor, { bigint: true });
      stamp = `${stat.size} ${stat.mtimeNs} ${stat.ino}`;
    } finally {
      closeSync(descriptor);
    }
    beforeRename();
    renameSync(temporary, path);
    flushFolder(dirname(path));
    return stamp;
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  }
}

/** A file that others may write stays so. */
function modeOf(path: string): number {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? 0o666 : mode & 0o777;
}

/** The text of a ledger, byte for byte as the original formats it; records come as JSON texts. */
export function serializeLedger(rows: Iterable<LedgerKey & { record: string }>): Buffer {
  const groups = new Map<string, Map<string, string[]>>();
  for (const { identifier, relpath, uid, record } of rows) {
    const relpaths = groups.get(identifier) ?? new Map<string, string[]>();
    groups.set(identifier, relpaths);
    const runs = relpaths.get(relpath) ?? [];
    relpaths.set(relpath, runs);
    runs.push(`      ${JSON.stringify(uid)}: ${indent(record)}`);
  }
  if (groups.size === 0) return Buffer.from('{}');
  const parts = [...groups].map(([identifier, relpaths]) => {
    const inner = [...relpaths].map(
      ([relpath, runs]) => `    ${JSON.stringify(relpath)}: {\n${runs.join(',\n')}\n    }`,
    );
    return `  ${JSON.stringify(identifier)}: {\n${inner.join(',\n')}\n  }`;
  });
  return Buffer.from(`{\n${parts.join(',\n')}\n}`);
}

/** A record's text as it stands in the ledger: one that was read from there stays as it is, others are laid out. */
function indent(record: string): string {
  if (record.startsWith('{\n        "') && record.endsWith('\n      }')) return record;
  try {
    return layOut(JSON.parse(record, keepNumbers), 3);
  } catch {
    return record; // It holds NaN, which Python reads.
  }
}

/** JSON.stringify with two spaces, moved in; texts cannot hold a raw newline, so every newline is layout. */
function layOut(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}

/** Keeps what JavaScript would write otherwise than it was: 1.0, 1e-05, integers of more than 53 bits. */
export function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
