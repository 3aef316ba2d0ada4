import { isExactNumber } from '../../base/json/exact-number.ts';
import { hasMembers, isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { notationOf } from '../yaml/cursor.ts';
import { isAmbiguousScalar, resolvePlainScalar } from '../yaml/scalar.ts';

/**
 * The text of a run.lock: YAML that PyYAML and YAML 1.2 readers load to the same values. What was read from a run.lock
 * and could not be held by JSON (2^60, 1.0, .nan) is written as it stood there.
 */
export function serializeReceipt(document: { [key: string]: JsonValue | undefined }): string {
  const lines: string[] = [];
  writeMap(lines, document, '', '');
  if (lines.length === 0) lines.push('{}');
  return `${lines.join('\n')}\n`;
}

interface Members {
  [key: string]: JsonValue | undefined;
}

/** Readers expect a key on one line within 1,024 characters; longer ones get a line of their own, well before that. */
const longestKey = 120;

function writeMap(lines: string[], map: Members, indent: string, lead: string): void {
  let before = lead || indent;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const name = quoted(key);
    if (name.length <= longestKey) writeMember(lines, `${before}${name}:`, map, key, value, indent);
    else {
      lines.push(`${before}? ${name}`);
      writeMember(lines, `${indent}:`, map, key, value, `${indent}  `);
    }
    before = indent;
  }
}

function writeMember(
  lines: string[],
  start: string,
  holder: object,
  key: string | number,
  value: JsonValue,
  indent: string,
): void {
  if (isEmpty(value) || !hasMembers(value)) {
    writeScalar(lines, start, scalar(holder, key, value), value, `${indent}  `);
    return;
  }
  lines.push(start);
  if (Array.isArray(value)) writeList(lines, value, indent, '');
  else writeMap(lines, value, `${indent}  `, '');
}

function writeList(lines: string[], list: JsonValue[], indent: string, lead: string): void {
  const inner = `${indent}  `;
  for (const [at, value] of list.entries()) {
    const before = `${at === 0 && lead !== '' ? lead : indent}- `;
    if (isEmpty(value) || !hasMembers(value)) {
      writeScalar(lines, before.slice(0, -1), scalar(list, at, value), value, inner);
    } else if (Array.isArray(value)) writeList(lines, value, inner, before);
    else writeMap(lines, value, inner, before);
  }
}

/** Texts of several lines stand as they are where that says the same; patches stay readable so. */
function writeScalar(lines: string[], start: string, text: string, value: JsonValue, indent: string): void {
  if (typeof value !== 'string' || !value.includes('\n') || !isLiteral(value)) {
    lines.push(`${start} ${text}`);
    return;
  }
  const isEnded = value.endsWith('\n');
  lines.push(`${start} ${isEnded ? '|' : '|-'}`);
  for (const line of (isEnded ? value.slice(0, -1) : value).split('\n')) lines.push(line && indent + line);
}

/** Begins with a visible character, ends with at most one line end, and has nothing that would have to be escaped. */
function isLiteral(value: string): boolean {
  const bare = value.replace(/[\n\t]/g, '');
  return /^[^\s]/.test(value) && !/\n\n$/.test(value) && !needsEscapes.test(bare) && value.isWellFormed();
}

function isEmpty(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every((member) => member === undefined);
}

function scalar(holder: object, key: string | number, value: JsonValue): string {
  if (hasMembers(value)) return Array.isArray(value) ? '[]' : '{}';
  const written = notationOf(holder, key);
  if (written !== undefined && isSameScalar(resolvePlainScalar(written).value, value)) return written;
  if (typeof value === 'number') return numeral(value);
  if (isExactNumber(value)) return exactNumeral(value.text);
  return typeof value === 'string' ? quoted(value) : String(value);
}

const isSameScalar = (one: JsonValue, other: JsonValue) =>
  isExactNumber(one) ? isExactNumber(other) && one.text === other.text : one === other;

/** The characters of a number of JSON, as YAML 1.1 spells them: with a dot and a sign where there is an exponent. */
function exactNumeral(text: string): string {
  if (text === '-0') return '-0.0';
  const [mantissa = '', exponent] = text.split(/[eE]/);
  if (exponent === undefined) return text;
  const fraction = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return `${fraction}e${/^[+-]/.test(exponent) ? '' : '+'}${exponent}`;
}

/** Fractions always have a dot: without one "1e-7" is a text to PyYAML. */
function numeral(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  if (Number.isSafeInteger(value)) return text;
  const [mantissa = '', exponent] = text.split('e');
  const fraction = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? fraction : `${fraction}e${exponent}`;
}

const harmless = /^[A-Za-z0-9_/.](?:[\w/.+@~=%()-]|[ :](?=[\w/.+@~=%()-]))*$/;
const needsEscapes = /[\u0000-\u001f\u007f-\u00a0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/;
const stillRaw = /[\u007f-\u00a0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;

/** Plain where no reader takes it for something else, in double quotes where something must be escaped. */
function quoted(text: string): string {
  if (harmless.test(text) && !isAmbiguousScalar(text)) return text;
  if (!needsEscapes.test(text) && text.isWellFormed()) return `'${text.replaceAll("'", "''")}'`;
  return jsonText(text).replace(
    stillRaw,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
