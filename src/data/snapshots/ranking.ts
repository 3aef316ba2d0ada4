import type { Difference } from '../book/types.ts';
import { isObject, numberIn } from '../browser.ts';
import { unitOf } from '../values/unit.ts';
import type { Json } from '../values/value.ts';
import { lastKey } from './changes.ts';

/** Differences in the order of what they say; readings are those that move by themselves. */
export interface RankedChanges {
  /** Words, commits, what came and went, counts: the most telling first. */
  telling: Difference[];
  /** Measured values, times, and whatever else is another at nearly every look. */
  readings: Difference[];
}

/** How fields of a book have behaved so far. */
export interface FieldHabits {
  /** Path of the followed field that holds a path: the list it lies in, or the path itself. */
  fieldOf(path: string): string | undefined;
  /** Whether the field was another in nearly every snapshot. */
  isRestless(path: string): boolean;
}

/** What habits are told from: how often each field changed, over how many snapshots. */
export interface FollowedFields {
  fields: readonly { path: string; changes: number }[];
  snapshots: { length: number };
}

/** With fewer snapshots than this nothing can be said about a habit. */
const fewestSnapshots = 6;
const restlessShare = 0.75;

/** Asked for once a page and the same for all pages of a book. */
const known = new WeakMap<object, FieldHabits>();

/** The habits of the fields that a book follows. */
export function fieldHabits(book: FollowedFields): FieldHabits {
  const habits = known.get(book) ?? readHabits(book);
  known.set(book, habits);
  return habits;
}

function readHabits(book: FollowedFields): FieldHabits {
  const changes = new Map(book.fields.map((field) => [field.path, field.changes]));
  const steps = book.snapshots.length - 1;
  const fieldOf = (path: string): string | undefined => {
    for (let at = path; at !== ''; at = parentPath(at)) if (changes.has(at)) return at;
    return undefined;
  };
  return {
    fieldOf,
    isRestless(path) {
      const field = fieldOf(path);
      if (field === undefined || book.snapshots.length < fewestSnapshots) return false;
      return (changes.get(field) ?? 0) >= steps * restlessShare;
    },
  };
}

/** No habits: for two snapshots of which nothing else is known. */
export const noHabits: FieldHabits = { fieldOf: () => undefined, isRestless: () => false };

/**
 * Puts first what a person would tell another: status words, then commits and other short texts, what came and went,
 * counts, the rest. A measured value, a time, a process, a number that moved a little or moves always is a reading.
 */
export function rankChanges(changes: Difference[], habits: FieldHabits): RankedChanges {
  const tables = processTables(changes);
  const ranked = changes.map((change) => ({
    change,
    rank: isSize(change, tables) ? readingRank : rankOf(change, habits),
  }));
  return {
    telling: ranked
      .filter(({ rank }) => rank < readingRank)
      .sort((a, b) => a.rank - b.rank)
      .map(({ change }) => change),
    readings: ranked.filter(({ rank }) => rank === readingRank).map(({ change }) => change),
  };
}

const readingRank = 9;

function rankOf(change: Difference, habits: FieldHabits): number {
  const { before, after, kind, path } = change;
  if (kind === 'moved') return isRestlessOrder(change, habits) ? readingRank : 7;
  if (isReading(change, habits)) return readingRank;
  if (isStatusKey(path) || (isWord(before) && isWord(after))) return 0;
  if (kind !== 'changed') return isPlace(path) ? (kind === 'added' ? 5 : 6) : 2;
  if (numberIn(before) !== undefined && numberIn(after) !== undefined) return 3;
  if (isShortText(before) && isShortText(after)) return 1;
  return 4;
}

/** Lists of processes, or of numbers, and lists that are always another have no order to speak of. */
function isRestlessOrder({ path, moves = [] }: Difference, habits: FieldHabits): boolean {
  return habits.isRestless(path) || moves.every(({ name }) => name !== undefined && /^\d+$/.test(name));
}

function isReading({ kind, path, before, after }: Difference, habits: FieldHabits): boolean {
  const values = [before, after].filter((value) => value !== undefined);
  if (values.every(isTime)) return true;
  if (kind !== 'changed') return values.every(isProcess);
  const [from, to] = [numberIn(before), numberIn(after)];
  if (from === undefined || to === undefined) return isRenamedProcess(path, habits);
  return isMeasured(path, from, to) || isSmall(before, after) || habits.isRestless(path);
}

/** A number whose name or fraction says that it was measured; a store that lost or gained half is news all the same. */
function isMeasured(path: string, before: number, after: number): boolean {
  const unit = unitOf(lastKey(path));
  const half = Math.abs(after - before) > Math.max(Math.abs(before), Math.abs(after)) / 2;
  if (unit !== undefined) return !(unit === 'bytes' && half && /disk|storage|size/i.test(path));
  if (/percent|pct$|temperature|latency/i.test(path)) return true;
  return /(^|[._-])(load|cpu)/i.test(path) && !(isCount(before) && isCount(after));
}

/** Less than a hundredth of a large count, less than a tenth of a fraction. */
function isSmall(before: Json | undefined, after: Json | undefined): boolean {
  // What only the digits beyond a double tell apart is an id, no measurement.
  if (typeof before !== 'number' || typeof after !== 'number') return false;
  const moved = Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after));
  return isCount(before) && isCount(after) ? Math.abs(before) >= 1000 && moved < 0.01 : moved < 0.1;
}

function isCount(value: number): boolean {
  return Number.isInteger(value);
}

/** "2026-11-21T06:09:34Z", with or without a zone. */
function isTime(value: Json | undefined): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) && value.length <= 40;
}

/** Processes come and go; what is told of one is a reading. */
function isProcess(value: Json | undefined): boolean {
  return isObject(value) && typeof value['pid'] === 'number';
}

/** What holds a list of processes that came or went. */
function processTables(changes: Difference[]): Set<string> {
  const moved = changes.filter(({ kind, before, after }) => kind !== 'changed' && isProcess(before ?? after));
  return new Set(moved.map(({ path }) => parentPath(parentPath(path))));
}

/** How many processes there are moves with them. */
function isSize({ path, before, after }: Difference, tables: Set<string>): boolean {
  return numberIn(before) !== undefined && numberIn(after) !== undefined && tables.has(parentPath(path));
}

/** A process whose number another one took over: "processes.71.name" in a list that moves always. */
function isRenamedProcess(path: string, habits: FieldHabits): boolean {
  return /\.\d+\.name$/.test(path) && habits.fieldOf(path) !== path && habits.isRestless(path);
}

/** Whether the path ends with a place in a list: lists of texts slide, their places say little. */
function isPlace(path: string): boolean {
  return /\[\d+\]$/.test(path);
}

function isStatusKey(path: string): boolean {
  return /(^|[_-])(status|state|health|error|conclusion|phase)$/i.test(lastKey(path));
}

/** "stable", "no_build_manifest", true: a word that stands for a state. */
function isWord(value: Json | undefined): boolean {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 40 && /^\p{L}[\p{L}_-]*( [\p{L}_-]+){0,2}$/u.test(value))
  );
}

function isShortText(value: Json | undefined): boolean {
  return value === null || (typeof value === 'string' && value.length <= 120);
}

/** "a.b[3]" -> "a.b" -> "a" -> "", "a[\"b c\"]" -> "a"; always shorter than what it was given. */
export function parentPath(path: string): string {
  const parent = path.replace(/(^|\.)[^.[\]]*$|\[(?:"(?:[^"\\]|\\.)*"|[^[\]]*)\]$/, '');
  return parent.length < path.length ? parent : '';
}
