import { maxJsonDepth } from '../../base/json/depth.ts';
import { hasMembers, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import { resolvePlainScalar } from './scalar.ts';

/** Something in a YAML text that is not read, or not as it stands. */
export interface YamlTrouble {
  kind: 'broken' | 'truncated' | 'repeated' | 'unsafe' | 'cycle';
  /** From 1. */
  line: number;
  /** What was found, as a phrase. */
  message: string;
}

/** Where the reading of a YAML text stands. Lines are changed while they are read: what is done becomes blanks. */
export interface YamlCursor {
  lines: string[];
  /** Position of the current line, from 0. */
  at: number;
  troubles: YamlTrouble[];
  /** Repetitions that were not listed any more. */
  unlisted: number;
  anchors: Map<string, { value: JsonValue; nodes: number; isDone: boolean }>;
  /** Values made so far, those behind aliases counted each time. */
  nodes: number;
  /** Values that aliases stand for. */
  aliased: number;
  /** A person wrote the text: "1e-3" is a number. */
  byHand: boolean;
}

/** What stops the reading of the part of a text it occurs in. */
export class YamlStop extends Error {
  readonly trouble: YamlTrouble;

  constructor(cursor: YamlCursor, message: string, kind: YamlTrouble['kind'] = 'broken', at = cursor.at) {
    super(message);
    this.trouble = { kind, line: Math.min(at, cursor.lines.length - 1) + 1, message };
  }
}

/** Reads a part of a text; where that stops, the trouble is noted and there is no value. */
export function attempt<T>(cursor: YamlCursor, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlStop)) throw error;
    if (cursor.troubles.length < 20) cursor.troubles.push(error.trouble);
    else cursor.unlisted += 1;
    return undefined;
  }
}

/** Aliases are a convenience of writers; what they stand for in all may not be much more than a text itself can say. */
const maxAliased = 100_000;
const maxListed = 20;

/** A map or list is entered: stops where the nesting is deeper than recorded values may be. */
export function enter(cursor: YamlCursor, depth: number): void {
  if (depth > maxJsonDepth) {
    throw new YamlStop(cursor, `a value nested deeper than ${maxJsonDepth} levels`, 'unsafe');
  }
}

/** Notes something that does not stop the reading; the first few of a kind in full. */
export function note(cursor: YamlCursor, kind: YamlTrouble['kind'], message: string): void {
  if (cursor.troubles.length >= maxListed) cursor.unlisted += 1;
  else cursor.troubles.push({ kind, line: cursor.at + 1, message });
}

/** Puts a value into a map; a key that is there already is noted. */
export function setMember(
  cursor: YamlCursor,
  map: Record<string, JsonValue>,
  key: string,
  value: JsonValue,
): void {
  if (key in map) note(cursor, 'repeated', `the key "${showText(key, 60)}" a second time`);
  map[key] = value;
  cursor.nodes += 1;
}

/** The value that an alias stands for. */
export function resolveAlias(cursor: YamlCursor, name: string): JsonValue {
  const anchor = cursor.anchors.get(name);
  if (anchor === undefined) throw new YamlStop(cursor, `the alias *${showText(name, 60)} without its anchor`);
  if (!anchor.isDone) {
    note(cursor, 'cycle', `the alias *${showText(name, 60)} inside of what it stands for`);
    return null;
  }
  cursor.aliased += anchor.nodes;
  cursor.nodes += anchor.nodes;
  if (cursor.aliased > maxAliased) {
    throw new YamlStop(cursor, `aliases that stand for more than ${maxAliased} values`, 'unsafe');
  }
  return anchor.value;
}

/** Reads a value that an alias may stand for later. */
export function anchored(cursor: YamlCursor, name: string, read: () => JsonValue): JsonValue {
  const anchor = { value: null as JsonValue, nodes: 0, isDone: false };
  cursor.anchors.set(name, anchor);
  const before = cursor.nodes;
  anchor.value = read();
  anchor.nodes = cursor.nodes - before + 1;
  anchor.isDone = true;
  return anchor.value;
}

const notations = new WeakMap<object, Map<string, string>>();

/** Remembers how a scalar was written where JSON cannot hold what it is, so that it can be written again as it was. */
export function keepNotation(holder: object, key: string | number, written: string): void {
  const known = notations.get(holder);
  if (known === undefined) notations.set(holder, new Map([[String(key), written]]));
  else known.set(String(key), written);
}

/** How a scalar was written ("18446744073709551616", "1.0", ".nan"), where its JSON value does not say it. */
export function notationOf(holder: object, key: string | number): string | undefined {
  return notations.get(holder)?.get(String(key));
}

const bareKeys = new WeakMap<object, Set<string>>();

/** Remembers of a key without quotes that it is no text to Python: `0: background`. */
export function noteBareKey(map: object, key: string): void {
  // Most keys begin like no number and like no word with a meaning.
  if (!/^[-+.0-9~=yYnNtTfFoO]/.test(key) || resolvePlainScalar(key).value === key) return;
  const known = bareKeys.get(map);
  if (known === undefined) bareKeys.set(map, new Set([key]));
  else known.add(key);
}

/** Whether a key stood without quotes as something else than a text. */
export function isBareKey(map: object, key: string): boolean {
  return bareKeys.get(map)?.has(key) === true;
}

/** Lets the keys of a copy be what those of its original are. */
export function carryBareKeys(from: object, to: object): void {
  const known = bareKeys.get(from);
  if (known !== undefined) bareKeys.set(to, known);
}

/** Lets a copy be written as its original was, wherever both still hold the same. */
export function carryNotation(from: JsonValue, to: JsonValue): void {
  if (!hasMembers(from) || !hasMembers(to) || from === to) return;
  const [before, after] = [from as Record<string, JsonValue>, to as Record<string, JsonValue>];
  for (const [key, written] of notations.get(from) ?? []) {
    if (Object.hasOwn(after, key) && before[key] === after[key]) keepNotation(to, key, written);
  }
  for (const key of Object.keys(before)) {
    if (Object.hasOwn(after, key)) carryNotation(before[key]!, after[key]!);
  }
}
