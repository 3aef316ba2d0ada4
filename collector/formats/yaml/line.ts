import type { YamlCursor } from './cursor.ts';
import { keyTagAt, readQuoted } from './flow.ts';

/** Whether a line has an item of a list ("- …") at a column. */
export function isItem(line: string, indent: number): boolean {
  return (
    line.charCodeAt(indent) === 45 && (line.length === indent + 1 || isBlank(line.charCodeAt(indent + 1)))
  );
}

/** Whether a line has a key of its own ("? …") at a column, as PyYAML writes long ones. */
export function isExplicitKey(line: string, indent: number): boolean {
  return (
    line.charCodeAt(indent) === 63 && (line.length === indent + 1 || isBlank(line.charCodeAt(indent + 1)))
  );
}

const isBlank = (code: number) => code === 32 || code === 9;

/** A key and the column behind its colon; undefined where the line has none. */
export function keyAt(
  cursor: YamlCursor,
  line: string,
  begin: number,
): { name: string; end: number; isBare?: boolean } | undefined {
  const from = begin + keyTagAt(line, begin);
  const first = line[from]!;
  if (first === '"' || first === "'") return quotedKeyAt(cursor, line, from);
  if (/[[{&*!|>@`%#,\]}]/.test(first)) return undefined;
  const end = colonAt(line, from);
  if (end === -1) return undefined;
  return { name: line.slice(from, end).trimEnd(), end: end + 1, isBare: true };
}

/** Where the colon of a key stands, not one inside of a text or comment; -1 where there is none. */
export function colonAt(line: string, from: number): number {
  for (let at = line.indexOf(':', from); at !== -1; at = line.indexOf(':', at + 1)) {
    if (at + 1 < line.length && !isBlank(line.charCodeAt(at + 1))) continue;
    const comment = line.indexOf(' #', from);
    return comment !== -1 && comment < at ? -1 : at;
  }
  return -1;
}

function quotedKeyAt(
  cursor: YamlCursor,
  line: string,
  from: number,
): { name: string; end: number } | undefined {
  // Most texts in quotes are values; a look for the colon is cheaper than reading them twice.
  if (line.indexOf(':', from) === -1) return undefined;
  const single: YamlCursor = { ...cursor, lines: [line], at: 0 };
  try {
    const { value, end } = readQuoted(single, from, -1);
    const colon = /^\s*:(?=\s|$)/.exec(line.slice(end, end + 1000));
    return colon === null ? undefined : { name: String(value), end: end + colon[0].length };
  } catch {
    return undefined;
  }
}

/** The first column from `from` that is no blank. */
export function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

/** A text without the comment behind it. */
export function uncommented(text: string): string {
  const comment = text.indexOf(' #');
  return (comment === -1 ? text : text.slice(0, comment)).trimEnd();
}
