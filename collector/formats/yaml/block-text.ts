import { showText } from '../../base/show.ts';
import { type YamlCursor, YamlStop } from './cursor.ts';
import { indentOf } from './flow.ts';

/** "|" keeps line ends, ">" folds them; "-" and "+" say what becomes of the last ones. */
export function readBlockText(cursor: YamlCursor, header: string, outer: number): string {
  const match = /^([|>])(?:([1-9])?([+-])?|([+-])([1-9]))\s*(?:#.*)?$/.exec(header.trimEnd());
  if (match === null) throw new YamlStop(cursor, `"${showText(header, 40)}" where a text should begin`);
  cursor.at += 1;
  const given = match[2] ?? match[5];
  let indent = given === undefined ? undefined : Math.max(outer, 0) + Number(given);
  const lines: string[] = [];
  for (; cursor.at < cursor.lines.length; cursor.at++) {
    const line = cursor.lines[cursor.at]!;
    const begin = indentOf(line);
    if (begin < line.length) {
      indent ??= begin;
      if (begin < indent || begin <= outer) break;
    }
    lines.push(line.slice(indent ?? begin));
  }
  // What follows the last newline of the file is no line.
  if (cursor.at >= cursor.lines.length && lines.at(-1) === '') lines.pop();
  return chomp(match[1] === '|' ? lines.join('\n') : foldBlock(lines), lines, match[3] ?? match[4]);
}

function chomp(text: string, lines: string[], mark: string | undefined): string {
  if (mark === '+') return lines.length === 0 ? '' : `${text}\n`;
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end -= 1;
  const bare = text.slice(0, end);
  return mark === '-' || bare === '' ? bare : `${bare}\n`;
}

/** Lines of text join with a space; blank lines between them and lines that are indented further keep their ends. */
function foldBlock(lines: string[]): string {
  let text = '';
  let before: 'none' | 'text' | 'further' = 'none';
  let breaks = 0;
  for (const line of lines) {
    if (line === '') {
      breaks += 1;
      continue;
    }
    const kind = /^[ \t]/.test(line) ? 'further' : 'text';
    const isKept = before !== 'none' && (before === 'further' || kind === 'further');
    const joint = '\n'.repeat(breaks + (isKept ? 1 : 0));
    text += before === 'none' || joint !== '' ? joint + line : ` ${line}`;
    before = kind;
    breaks = 0;
  }
  return text + '\n'.repeat(before === 'none' ? Math.max(breaks - 1, 0) : breaks);
}
