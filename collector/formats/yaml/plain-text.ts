import { showText } from '../../base/show.ts';
import { type YamlCursor, YamlStop } from './cursor.ts';
import { foldLines, indentOf } from './flow.ts';
import { colonAt, uncommented } from './line.ts';

/** The text of a scalar without quotes that begins at a column, with the lines below that it goes on in; the cursor then stands behind it. */
export function readPlainText(cursor: YamlCursor, column: number, indent: number): string {
  const first = uncommented(cursor.lines[cursor.at]!.slice(column));
  if (colonAt(first, 0) !== -1) throw new YamlStop(cursor, `a second ":" in "${showText(first, 60)}"`);
  const isCut = first.length < cursor.lines[cursor.at]!.trimEnd().length - column;
  cursor.at += 1;
  const pieces = [first];
  let end = cursor.at;
  for (let at = cursor.at; !isCut && at < cursor.lines.length; at++) {
    const line = cursor.lines[at]!;
    const begin = indentOf(line);
    if (begin === line.length) continue;
    if (begin <= indent || line[begin] === '#') break;
    const piece = uncommented(line.slice(begin));
    if (colonAt(piece, 0) !== -1) {
      cursor.at = at;
      throw new YamlStop(cursor, whatStands(cursor));
    }
    while (pieces.length <= at - cursor.at) pieces.push('');
    pieces.push(piece);
    end = at + 1;
  }
  cursor.at = end;
  return foldLines(pieces, false);
}

/** What a reader names that meets something it did not expect. */
export function whatStands(cursor: YamlCursor): string {
  return `"${showText((cursor.lines[cursor.at] ?? '').trim(), 60)}", which belongs to nothing before it`;
}
