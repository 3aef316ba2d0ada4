import { isTooDeep, maxJsonDepth } from '../../base/json/depth.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { readBlockText } from './block-text.ts';
import {
  anchored,
  attempt,
  enter,
  keepNotation,
  note,
  noteBareKey,
  resolveAlias,
  setMember,
  type YamlCursor,
  YamlStop,
  type YamlTrouble,
} from './cursor.ts';
import { applyTag, indentOf, readFlow, readQuoted } from './flow.ts';
import { isExplicitKey, isItem, keyAt, skipBlanks } from './line.ts';
import { mergeKey, mergeMaps } from './merge.ts';
import { readPlainText, whatStands } from './plain-text.ts';
import { resolvePlainScalar, type YamlScalar } from './scalar.ts';

/** A YAML text as JSON values, and what of it could not be read. Maps have no prototype. */
export interface PlainYaml {
  value: JsonValue;
  troubles: YamlTrouble[];
}

/**
 * Reads the YAML that programs write (PyYAML, Daybook, JSON): one document, read as YAML 1.1 as PyYAML does, in time
 * and memory proportional to the text. Tags are noted and not obeyed, aliases bounded. Where a member of the outermost
 * map is broken, the others are read. Numbers beyond a double keep their digits; NaN and infinities become texts. Never throws.
 */
export function readPlainYaml(text: string, byHand = false): PlainYaml {
  const cursor: YamlCursor = {
    lines: text.replace(/^\ufeff/, '').split(/\r?\n/),
    at: 0,
    troubles: [],
    unlisted: 0,
    anchors: new Map(),
    nodes: 0,
    aliased: 0,
    byHand,
  };
  skipProlog(cursor);
  let value = attempt(cursor, () => readNode(cursor, -1, 0).value) ?? null;
  if (skip(cursor) >= 0 && cursor.troubles.length === 0) note(cursor, 'broken', whatStands(cursor));
  if (cursor.anchors.size > 0 && isTooDeep(value)) {
    note(cursor, 'unsafe', `aliases nested deeper than ${maxJsonDepth} levels`);
    value = null;
  }
  if (cursor.unlisted > 0) {
    cursor.troubles.push({
      kind: cursor.troubles.at(-1)!.kind,
      line: cursor.at,
      message: `${cursor.unlisted} more of this kind`,
    });
  }
  return { value, troubles: cursor.troubles };
}

/** Directives and the first "---". */
function skipProlog(cursor: YamlCursor): void {
  while (/^\s*(?:#.*)?$|^%/.test(cursor.lines[cursor.at] ?? 'x')) cursor.at += 1;
  const line = cursor.lines[cursor.at] ?? '';
  if (/^---(?:\s|$)/.test(line)) cursor.lines[cursor.at] = `   ${line.slice(3)}`;
}

/** Goes to the next line that holds something; its indentation, or -1 at the end. */
function skip(cursor: YamlCursor): number {
  for (; cursor.at < cursor.lines.length; cursor.at++) {
    const line = cursor.lines[cursor.at]!;
    const indent = indentOf(line);
    if (indent === line.length) continue;
    const first = line.charCodeAt(indent);
    if (first === 35 /* # */ || line.trim() === '') continue;
    if (indent === 0 && first === 46 && /^\.\.\.(?:\s|$)/.test(line)) return endDocument(cursor);
    return indent;
  }
  return -1;
}

function endDocument(cursor: YamlCursor): number {
  const next = cursor.lines.findIndex((line, at) => at > cursor.at && !/^\s*(?:#.*)?$/.test(line));
  if (next >= 0) {
    cursor.at = next;
    note(cursor, 'broken', 'a second document, where one was expected');
  }
  cursor.lines.length = cursor.at;
  return -1;
}

/** The value that begins on the current line or a later one, indented by more than `outer`. */
function readNode(cursor: YamlCursor, outer: number, depth: number): YamlScalar {
  const indent = skip(cursor);
  if (indent <= outer) return { value: null };
  const line = cursor.lines[cursor.at]!;
  if (isItem(line, indent)) return { value: readSequence(cursor, indent, depth) };
  if (isExplicitKey(line, indent) || keyAt(cursor, line, indent) !== undefined) {
    return { value: readMap(cursor, indent, depth) };
  }
  return readInline(cursor, indent, outer, depth);
}

function readSequence(cursor: YamlCursor, indent: number, depth: number): JsonValue {
  enter(cursor, depth);
  const list: JsonValue[] = [];
  while (skip(cursor) === indent && isItem(cursor.lines[cursor.at]!, indent)) {
    blankOut(cursor, indent);
    const item = readNode(cursor, indent, depth + 1);
    if (item.written !== undefined) keepNotation(list, list.length, item.written);
    list.push(item.value);
    cursor.nodes += 1;
  }
  return list;
}

/** What stands behind "- " or "? " is read as if it began its line. */
function blankOut(cursor: YamlCursor, indent: number): void {
  const line = cursor.lines[cursor.at]!;
  cursor.lines[cursor.at] = `${' '.repeat(indent + 1)}${line.slice(indent + 1).replace(/^\t+/, blanks)}`;
}

const blanks = (tabs: string) => ' '.repeat(tabs.length);

function readMap(cursor: YamlCursor, indent: number, depth: number): JsonValue {
  enter(cursor, depth);
  const map: Record<string, JsonValue> = Object.create(null);
  const merged: JsonValue[] = [];
  for (let found = skip(cursor); found >= indent; found = skip(cursor)) {
    if (found > indent || isItem(cursor.lines[cursor.at]!, indent)) {
      const stray = () => {
        throw new YamlStop(cursor, whatStands(cursor));
      };
      if (depth > 0 || indent > 0) stray();
      attempt(cursor, stray);
      toNextMember(cursor, cursor.at);
      continue;
    }
    const start = cursor.at;
    // Only the outermost map goes on behind what is broken: there it is plain where the next member begins.
    const read = () => {
      const source = readMember(cursor, map, indent, depth);
      if (source !== undefined) merged.push(source);
      return true;
    };
    if (depth > 0 || indent > 0) read();
    else if (attempt(cursor, read) === undefined) toNextMember(cursor, start);
  }
  if (merged.length > 0) attempt(cursor, () => mergeMaps(cursor, map, merged));
  return map;
}

function toNextMember(cursor: YamlCursor, start: number): void {
  cursor.at = Math.max(cursor.at, start + 1);
  const isBegin = (line: string) => line !== '' && !/^[\s#\-?.]/.test(line);
  while (cursor.at < cursor.lines.length && !isBegin(cursor.lines[cursor.at]!)) cursor.at += 1;
}

/** Reads a member into its map; what stands behind "<<" is given back, to be taken in when the map is whole. */
function readMember(
  cursor: YamlCursor,
  map: Record<string, JsonValue>,
  indent: number,
  depth: number,
): JsonValue | undefined {
  const line = cursor.lines[cursor.at]!;
  if (isExplicitKey(line, indent)) {
    readExplicit(cursor, map, indent, depth);
    return undefined;
  }
  const key = keyAt(cursor, line, indent);
  if (key === undefined) throw new YamlStop(cursor, whatStands(cursor));
  const at = cursor.at;
  const value = readBehind(cursor, key.end, indent, depth);
  if (key.name === mergeKey && line.startsWith(mergeKey, indent)) return value.value;
  const after = cursor.at;
  cursor.at = at;
  setMember(cursor, map, key.name, value.value);
  cursor.at = after;
  if (value.written !== undefined) keepNotation(map, key.name, value.written);
  if (key.isBare === true) noteBareKey(map, key.name);
  return undefined;
}

/** "? key" and ": value", as PyYAML writes long keys. */
function readExplicit(
  cursor: YamlCursor,
  map: Record<string, JsonValue>,
  indent: number,
  depth: number,
): void {
  blankOut(cursor, indent);
  const { value: key } = readNode(cursor, indent, depth + 1);
  const name = typeof key === 'object' && key !== null ? jsonText(key) : String(key);
  const isThere = skip(cursor) === indent && /^:(?:\s|$)/.test(cursor.lines[cursor.at]!.slice(indent));
  if (!isThere) {
    setMember(cursor, map, name, null);
    return;
  }
  blankOut(cursor, indent);
  const value = readNode(cursor, indent, depth + 1);
  setMember(cursor, map, name, value.value);
  if (value.written !== undefined) keepNotation(map, name, value.written);
}

/** The value behind "key:": on the same line, or below it. */
function readBehind(cursor: YamlCursor, column: number, indent: number, depth: number): YamlScalar {
  const line = cursor.lines[cursor.at]!;
  const begin = skipBlanks(line, column);
  if (begin < line.length && line[begin] !== '#') return readInline(cursor, begin, indent, depth);
  return readBelow(cursor, indent, depth);
}

function readBelow(cursor: YamlCursor, indent: number, depth: number): YamlScalar {
  cursor.at += 1;
  const next = skip(cursor);
  if (next === indent && isItem(cursor.lines[cursor.at]!, indent)) {
    return { value: readSequence(cursor, indent, depth + 1) };
  }
  return next > indent ? readNode(cursor, indent, depth + 1) : { value: null };
}

/** A value that begins at a column of the current line; the cursor then stands behind it. */
function readInline(cursor: YamlCursor, column: number, indent: number, depth: number): YamlScalar {
  const line = cursor.lines[cursor.at]!;
  switch (line[column]) {
    case '"':
    case "'":
      return closed(cursor, readQuoted(cursor, column, indent));
    case '[':
    case '{':
      return closed(cursor, readFlow(cursor, column, depth + 1));
    case '|':
    case '>':
      return { value: readBlockText(cursor, line.slice(column), indent) };
    case '&':
    case '!':
    case '*':
      return readMarked(cursor, column, indent, depth);
    case '@':
    case '`':
    case '%':
      throw new YamlStop(cursor, `"${line[column]}", with which no value begins`);
    default:
      return resolvePlainScalar(readPlainText(cursor, column, indent), cursor.byHand);
  }
}

/** Nothing but a comment may follow a value; PyYAML takes one also right behind a quote. */
function closed(cursor: YamlCursor, value: YamlScalar & { end: number }): YamlScalar {
  const rest = cursor.lines[cursor.at]!.slice(value.end);
  if (!/^\s*(?:$|#)/.test(rest)) {
    throw new YamlStop(cursor, `"${showText(rest.trim(), 40)}" behind a value`);
  }
  cursor.at += 1;
  return value;
}

function readMarked(cursor: YamlCursor, column: number, indent: number, depth: number): YamlScalar {
  const line = cursor.lines[cursor.at]!;
  const word = /^\S+/.exec(line.slice(column))![0];
  const begin = skipBlanks(line, column + word.length);
  const isEmpty = begin >= line.length || line[begin] === '#';
  if (word.startsWith('*')) {
    const value = resolveAlias(cursor, word.slice(1));
    return closed(cursor, { value, end: column + word.length });
  }
  enter(cursor, depth);
  const read = () =>
    isEmpty ? readBelow(cursor, indent, depth) : readInline(cursor, begin, indent, depth + 1);
  if (word.startsWith('!')) return applyTag(cursor, word, read);
  return { value: anchored(cursor, word.slice(1), () => read().value) };
}
