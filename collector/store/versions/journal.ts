import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { readRecordedIfAny } from '../recorded-file.ts';

/**
 * registry.journal.jsonl: which versions changed since registry.json was written. It holds no content, so that a lost
 * or torn line costs time and nothing else: metadata/ is the truth.
 */
export interface Journal {
  /** What registry.json was when the journal began; undefined where that is not known. */
  registry: RegistryStamp | undefined;
  /** Versions whose entry in registry.json must not be relied on. */
  changed: Set<string>;
  /** The newest version after the last line; undefined where there was none or it is not known. */
  newest: string | undefined;
  sizeBytes: number;
}

/** How a registry.json is recognised. */
export interface RegistryStamp {
  bytes: number;
  mtimeNs: string;
  sha256: string;
}

/** Reads the whole journal; an empty one where there is none. */
export function readJournal(path: string): Journal {
  const bytes = readRecordedIfAny(path) ?? Buffer.alloc(0);
  const journal: Journal = {
    registry: undefined,
    changed: new Set(),
    newest: undefined,
    sizeBytes: bytes.length,
  };
  for (const line of bytes.toString('utf8').split('\n')) {
    const entry = entryOf(line);
    if (entry === undefined) continue;
    if (entry['op'] === 'fold') journal.registry = stampOf(entry['registry']);
    if (typeof entry['version'] === 'string') journal.changed.add(entry['version']);
    if (typeof entry['newest'] === 'string') journal.newest = entry['newest'];
    else if (entry['newest'] === null) journal.newest = undefined;
  }
  return journal;
}

/** First and last line of the journal, whatever its length; undefined where one of them cannot be read. */
export function readJournalEnds(path: string): Pick<Journal, 'registry' | 'newest'> | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(descriptor);
    const [head, tail] = [Buffer.alloc(Math.min(size, 1024)), Buffer.alloc(Math.min(size, 1024))];
    readSync(descriptor, head, 0, head.length, 0);
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    const first = entryOf(head.toString('utf8').split('\n')[0]!);
    const last = entryOf(tail.toString('utf8').split('\n').at(-2) ?? '');
    if (first?.['op'] !== 'fold' || last === undefined || typeof last['newest'] !== 'string')
      return undefined;
    return { registry: stampOf(first['registry']), newest: last['newest'] };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Appends one line and returns the size of the journal before and after. Called by the only writer there is; what a killed one
 * left of a line is closed first.
 */
export function appendToJournal(path: string, entry: JsonObject): { before: number; after: number } {
  try {
    const descriptor = openSync(path, 'a+');
    try {
      const { size } = fstatSync(descriptor);
      const last = Buffer.alloc(1);
      if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
      const line = Buffer.from(`${size > 0 && last[0] !== 0x0a ? '\n' : ''}${jsonText(entry)}\n`);
      const taken = writeSync(descriptor, line);
      // The system takes a part where the disk fills up, and refuses the next write.
      if (taken < line.length) writeSync(descriptor, line, taken);
      return { before: size, after: size + line.length };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function entryOf(line: string): JsonObject | undefined {
  if (line === '') return undefined;
  const parsed = parseLenientJson(line);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}

function stampOf(value: unknown): RegistryStamp | undefined {
  if (!isObject(value)) return undefined;
  const { bytes, mtimeNs, sha256 } = value;
  if (typeof bytes !== 'number' || typeof mtimeNs !== 'string' || typeof sha256 !== 'string')
    return undefined;
  return { bytes, mtimeNs, sha256 };
}
