import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../base/atomic-file.ts';
import { isObject } from '../base/json/json.ts';
import { jsonText, parsePlainJson } from '../base/json/text.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import { checkLine, sealLine } from '../formats/actions/action.ts';
import { tombstoneMark } from '../formats/redaction.ts';
import { makeCacheFolder } from './cache-folder.ts';
import { factsOf } from './file-facts.ts';
import { type GrowingSum, growingSum } from './growing-sum.ts';
import { cacheFolder } from './layout.ts';

/** What a look through a plain file of the log came to. */
export interface LookedThrough {
  sum: GrowingSum;
  /** Whether something in it may say what was redacted. */
  hasTombstone: boolean;
}

interface Kept extends LookedThrough {
  facts: string;
  /** Whether it had not just been changed then. */
  isAtRest: boolean;
}

/** Smaller files are read as soon as what is known of them. */
const leastBytes = 8 * 1024 * 1024;
const overlap = Buffer.byteLength(tombstoneMark);

/**
 * Reads a plain file of the log for its checksums, and for redactions, and remembers that in .daybook/cache/: a file that the
 * system describes as it did is not read again, and in one that grew what is new is looked through alone. With `isStrict` what
 * was remembered of a file that had just been changed is not believed. Undefined for what cannot be read.
 */
export function lookThrough(root: string, path: string, isStrict = false): LookedThrough | undefined {
  const facts = factsOf(path);
  if (facts === undefined) return undefined;
  const isKept = facts.size >= leastBytes;
  const all = isKept ? load(root) : new Map<string, Kept>();
  const known = all.get(path);
  if (known?.facts === facts.text && (known.isAtRest || !isStrict)) return known;
  const found = looked(path, known);
  if (found !== undefined && isKept) {
    const isSame = factsOf(path)?.text === facts.text && found.sum.bytes === facts.size;
    if (isSame) save(root, all.set(path, { ...found, facts: facts.text, isAtRest: facts.isAtRest }));
  }
  return found;
}

function looked(path: string, known: LookedThrough | undefined): LookedThrough | undefined {
  const free = known?.hasTombstone === false ? known.sum.parts : [];
  let hasTombstone = false;
  let end: Buffer = Buffer.alloc(0);
  let wasFree = true;
  const sum = growingSum(path, (part, number, crc) => {
    const isFree = free[number] === crc;
    // Between two parts of which none is new nothing new stands either.
    const head = isFree && wasFree ? undefined : Buffer.concat([end, part.subarray(0, overlap)]);
    hasTombstone ||= head?.includes(tombstoneMark) === true || (!isFree && part.includes(tombstoneMark));
    end = Buffer.from(part.subarray(-overlap));
    wasFree = isFree;
  });
  return sum && { sum, hasTombstone };
}

const fileOf = (root: string) => join(cacheFolder(root), 'cache', 'log-sums.json');

function load(root: string): Map<string, Kept> {
  try {
    const line = readFileSync(fileOf(root)).subarray(0, -1);
    const kept = checkLine(line) === 'right' ? parsePlainJson(line.toString()) : undefined;
    if (isObject(kept) && isObject(kept['files']))
      return new Map(Object.entries(kept['files'] as unknown as Record<string, Kept>));
  } catch {
    // Nothing kept is never an error: the files are read.
  }
  return new Map();
}

/** What stands in the way is no error; files that are gone are forgotten. */
function save(root: string, all: ReadonlyMap<string, Kept>): void {
  let temporary: string | undefined;
  try {
    makeCacheFolder(root);
    temporary = temporaryPathFor(fileOf(root));
    const there = [...all].filter(([path]) => statSync(path, { throwIfNoEntry: false }) !== undefined);
    const text = jsonText({ files: Object.fromEntries(there) });
    writeFileSync(temporary, sealLine(text), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, fileOf(root));
  } catch {
    if (temporary !== undefined) removeQuietly(temporary);
  }
}
