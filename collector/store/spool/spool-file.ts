import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { systemCodeOf } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { checkLine, sealLine } from '../../formats/actions/action.ts';
import { makeSpoolFolder, spoolKeyOf } from './spool-place.ts';

/** What waits to be written to a book. */
export type SpoolEntry =
  | { kind: 'action'; line: string; blob?: string }
  /** The text of a snapshot but for its id, which it gets when it is taken in. */
  | { kind: 'periodic'; atUs: number; text: string }
  | { kind: 'receipt'; file: string; text: string };

/** How much may wait for one book: a spool is a place to wait, not to live. */
export const maxSpoolBytes = 16 * 1024 * 1024;
const maxSpoolFiles = 4096;

let counter = 0;

/**
 * Keeps records that could not be written to their book, as one file that stands whole or not at all.
 * @returns the folder they wait in. @throws where there is no place, or too much waits already.
 */
export function keepInSpool(root: string, entries: readonly SpoolEntry[]): string {
  const refused = new Set<string>();
  let failure: unknown;
  for (let tries = 0; ; tries++) {
    let folder: string;
    try {
      folder = makeSpoolFolder(root, refused);
    } catch (error) {
      throw failure ?? error;
    }
    try {
      writeSpoolFile(folder, root, entries);
      return folder;
    } catch (error) {
      // The process that took in the last record removed the empty folder at this moment.
      if (systemCodeOf(error) === 'ENOENT' && tries < 3) continue;
      // A folder could be made and a file could not: that disk is full, another one may not be.
      failure ??= error;
      refused.add(folder);
    }
  }
}

function writeSpoolFile(folder: string, root: string, entries: readonly SpoolEntry[]): void {
  const head = sealLine(jsonText({ spool: 1, book: spoolKeyOf(root) }));
  const bytes = Buffer.concat([head, ...entries.map((entry) => sealLine(jsonText(entry)))]);
  const names = readdirSync(folder);
  const size = names.reduce((sum, name) => sum + sizeOf(join(folder, name)), bytes.length);
  if (size > maxSpoolBytes || names.length >= maxSpoolFiles) {
    throw new Error(`more than ${maxSpoolBytes / 1024 / 1024} MiB would wait in ${folder}`);
  }
  counter += 1;
  // By time, so that what came first is taken in first.
  const name = `${String(Date.now()).padStart(14, '0')}-${process.pid}-${String(counter).padStart(6, '0')}`;
  const temporary = join(folder, `${name}.tmp`);
  try {
    writePrivate(temporary, bytes);
    renameSync(temporary, join(folder, `${name}.jsonl`));
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

function writePrivate(path: string, bytes: Buffer): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants;
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The entries of a file of the spool; undefined where it is damaged or speaks of another book. */
export function readSpoolFile(path: string, root: string): SpoolEntry[] | undefined {
  const bytes = readOwn(path);
  if (bytes === undefined) return undefined;
  const entries: SpoolEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at) + 1;
    if (end === 0) return undefined;
    const line = bytes.subarray(at, end - 1);
    if (checkLine(line) !== 'right') return undefined;
    const value = parseJson(line.toString('utf8')) as JsonObject;
    if (at > 0) entries.push(value as unknown as SpoolEntry);
    else if (value['spool'] !== 1 || value['book'] !== spoolKeyOf(root)) return undefined;
    at = end;
  }
  return entries.every(isEntry) ? entries : undefined;
}

function readOwn(path: string): Buffer | undefined {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() && stat.size <= maxSpoolBytes ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function isEntry(entry: unknown): entry is SpoolEntry {
  if (!isObject(entry)) return false;
  const { kind, line, file, text, atUs } = entry;
  if (kind === 'action') return typeof line === 'string';
  if (kind === 'receipt') return typeof file === 'string' && typeof text === 'string';
  return kind === 'periodic' && typeof text === 'string' && typeof atUs === 'number';
}
