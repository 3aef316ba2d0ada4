import type { JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import {
  anchored,
  enter,
  keepNotation,
  note,
  noteBareKey,
  resolveAlias,
  setMember,
  type YamlCursor,
  YamlStop,
} from './cursor.ts';
import { mergeKey, mergeMaps } from './merge.ts';
import { resolvePlainScalar, unescapeYaml, type YamlScalar } from './scalar.ts';

/** A value read from within a line, and the column behind it; the cursor then stands at the line where it ends. */
export interface InlineValue extends YamlScalar {
  end: number;
}

/** Reads a quoted text that begins at a column of the current line and may go on over lines indented by more. */
export function readQuoted(cursor: YamlCursor, column: number, indent: number): InlineValue {
  const quote = cursor.lines[cursor.at]![column]!;
  const start = cursor.at;
  const pieces: string[] = [];
  for (let from = column + 1; cursor.at < cursor.lines.length; from = 0, cursor.at++) {
    const line = cursor.lines[cursor.at]!;
    if (from === 0 && line.trim() !== '' && indentOf(line) <= indent) break;
    const close = closingQuote(line, from, quote);
    pieces.push(line.slice(from, close === -1 ? undefined : close));
    if (close !== -1) return { value: textOf(cursor, pieces, quote), end: close + 1 };
  }
  throw new YamlStop(
    cursor,
    'a text in quotes without an end',
    cursor.at >= cursor.lines.length ? 'truncated' : 'broken',
    start,
  );
}

/** How many spaces a line begins with. */
export function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}

/** Lines of one text as the text they are: one line end is a space, each further one stays. */
export function foldLines(pieces: string[], isEscaped: boolean): string {
  if (pieces.length === 1) return pieces[0]!;
  let text = pieces[0]!.trimEnd();
  let blanks = 0;
  for (let at = 1; at < pieces.length; at++) {
    const isLast = at === pieces.length - 1;
    const piece = isLast ? pieces[at]!.trimStart() : pieces[at]!.trim();
    if (piece === '' && !isLast) {
      blanks += 1;
      continue;
    }
    const goesOn = isEscaped && slashesBefore(text, text.length) % 2 === 1;
    const breaks = '\n'.repeat(blanks);
    text = goesOn ? `${text.slice(0, -1)}${breaks}${piece}` : `${text}${breaks || ' '}${piece}`;
    blanks = 0;
  }
  return text;
}

function closingQuote(line: string, from: number, quote: string): number {
  for (let at = from; ; at += 2) {
    at = line.indexOf(quote, at);
    if (at === -1) return -1;
    if (quote === "'") {
      if (line[at + 1] !== "'") return at;
      continue;
    }
    if (Math.min(slashesBefore(line, at), at - from) % 2 === 0) return at;
    at -= 1;
  }
}

function slashesBefore(text: string, end: number): number {
  let count = 0;
  while (count < end && text.charCodeAt(end - count - 1) === 92) count += 1;
  return count;
}

function textOf(cursor: YamlCursor, pieces: string[], quote: string): string {
  const folded = foldLines(pieces, quote === '"');
  if (quote === "'") return folded.replaceAll("''", "'");
  const text = unescapeYaml(folded);
  if (text === undefined) throw new YamlStop(cursor, 'an escape that YAML does not have');
  return text;
}

/** Reads [a, b] or {a: 1} that begins at a column of the current line and may go on over lines. JSON is of this kind. */
export function readFlow(cursor: YamlCursor, column: number, depth: number): InlineValue {
  const place = { column };
  const value = readCollection(cursor, place, depth);
  return { value, end: place.column };
}

interface Place {
  column: number;
}

function readCollection(cursor: YamlCursor, place: Place, depth: number): JsonValue {
  enter(cursor, depth);
  const isMap = cursor.lines[cursor.at]![place.column] === '{';
  const close = isMap ? '}' : ']';
  const map: Record<string, JsonValue> = Object.create(null);
  const list: JsonValue[] = [];
  const merged: JsonValue[] = [];
  place.column += 1;
  for (;;) {
    if (nextCharacter(cursor, place) === close) break;
    if (isMap) {
      const source = readPair(cursor, place, map, depth);
      if (source !== undefined) merged.push(source);
    } else {
      const item = readItem(cursor, place, depth);
      if (item.written !== undefined) keepNotation(list, list.length, item.written);
      list.push(item.value);
      cursor.nodes += 1;
    }
    const next = nextCharacter(cursor, place);
    if (next === ',') place.column += 1;
    else if (next !== close)
      throw new YamlStop(cursor, `"${showText(next)}" where "," or "${close}" should be`);
  }
  place.column += 1;
  if (merged.length > 0) mergeMaps(cursor, map, merged);
  return isMap ? map : list;
}

function readPair(
  cursor: YamlCursor,
  place: Place,
  map: Record<string, JsonValue>,
  depth: number,
): JsonValue | undefined {
  const line = cursor.lines[cursor.at]!;
  if (/^\?\s/.test(line.slice(place.column, place.column + 2))) {
    place.column += 1;
    nextCharacter(cursor, place);
  }
  place.column += keyTagAt(cursor.lines[cursor.at]!, place.column);
  const first = cursor.lines[cursor.at]![place.column]!;
  let key: string;
  const isBare = first !== '"' && first !== "'";
  if (first === '"' || first === "'") key = String(readItem(cursor, place, depth).value);
  else if (/[[{&*!?|>@`%]/.test(first)) throw new YamlStop(cursor, 'a key that is no text');
  else key = plainIn(cursor, place);
  if (nextCharacter(cursor, place) !== ':') {
    setMember(cursor, map, key, null);
    return undefined;
  }
  place.column += 1;
  const next = nextCharacter(cursor, place);
  const item: YamlScalar = next === ',' || next === '}' ? { value: null } : readItem(cursor, place, depth);
  if (key === mergeKey && first === '<') return item.value;
  setMember(cursor, map, key, item.value);
  if (isBare) noteBareKey(map, key);
  if (item.written !== undefined) keepNotation(map, key, item.written);
  return undefined;
}

/** How much room a tag takes that says only that a key is a number, a text or the like. */
export function keyTagAt(line: string, from: number): number {
  if (line[from] !== '!') return 0;
  return /^!!(?:int|float|bool|null|str) +/.exec(line.slice(from, from + 100))?.[0].length ?? 0;
}

function readItem(cursor: YamlCursor, place: Place, depth: number): YamlScalar {
  const first = cursor.lines[cursor.at]![place.column]!;
  if (first === '"' || first === "'") {
    const { value, end } = readQuoted(cursor, place.column, -1);
    place.column = end;
    return { value };
  }
  if (first === '[' || first === '{') return { value: readCollection(cursor, place, depth + 1) };
  if (first === '&' || first === '*' || first === '!') return readMarked(cursor, place, depth);
  if (/[,\]}|>@`%#]/.test(first)) throw new YamlStop(cursor, `"${first}" where a value should be`);
  return resolvePlainScalar(plainIn(cursor, place), cursor.byHand);
}

function readMarked(cursor: YamlCursor, place: Place, depth: number): YamlScalar {
  const line = cursor.lines[cursor.at]!;
  const word = /^[^\s,[\]{}]+/.exec(line.slice(place.column, place.column + 1000))![0];
  place.column += word.length;
  if (word.startsWith('*')) return { value: resolveAlias(cursor, word.slice(1)) };
  const next = nextCharacter(cursor, place);
  const read = (): YamlScalar => (/[,\]}]/.test(next) ? { value: null } : readItem(cursor, place, depth));
  if (word.startsWith('!')) return applyTag(cursor, word, read);
  return { value: anchored(cursor, word.slice(1), () => read().value) };
}

const scalarTag = /^!!(?:int|float|bool|null)$/;
const harmlessTag = /^!(?:!(?:str|map|seq|timestamp))?$/;

/** Reads what a tag stands before. The tags of JSON's own kinds are followed, others noted; none makes anything run. */
export function applyTag(cursor: YamlCursor, tag: string, read: () => YamlScalar): YamlScalar {
  const isScalar = scalarTag.test(tag);
  if (!isScalar && !harmlessTag.test(tag)) note(cursor, 'unsafe', `the tag ${showText(tag, 60)}`);
  const scalar = read();
  return isScalar && typeof scalar.value === 'string' ? resolvePlainScalar(scalar.value) : scalar;
}

/** A text without quotes, up to what ends it in a flow collection; over line ends it goes on with a space. */
function plainIn(cursor: YamlCursor, place: Place): string {
  let text = '';
  for (;;) {
    const line = cursor.lines[cursor.at]!;
    const end = endOfPlain(line, place.column);
    text += line.slice(place.column, end).trimEnd();
    place.column = end;
    if (end < line.length) return text;
    const next = nextCharacter(cursor, place);
    if (/[,\]}:]/.test(next)) return text;
    text += ' ';
  }
}

const plainEnds = /[,[\]{}]|:(?=[\s,[\]{}]|$)|\s#/g;

function endOfPlain(line: string, from: number): number {
  plainEnds.lastIndex = from;
  return plainEnds.exec(line)?.index ?? line.length;
}

/** The next character that is not blank or part of a comment, on this line or a later one. */
function nextCharacter(cursor: YamlCursor, place: Place): string {
  for (; cursor.at < cursor.lines.length; cursor.at++, place.column = 0) {
    const line = cursor.lines[cursor.at]!;
    while (place.column < line.length && /\s/.test(line[place.column]!)) place.column += 1;
    const isComment =
      line[place.column] === '#' && (place.column === 0 || /\s/.test(line[place.column - 1]!));
    if (place.column < line.length && !isComment) return line[place.column]!;
  }
  throw new YamlStop(cursor, 'the end of the text inside of brackets', 'truncated');
}
