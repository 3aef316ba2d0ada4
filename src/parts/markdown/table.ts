import { shorten } from '../../../collector/base/format/words.ts';
import type { Part } from '../part.ts';
import { escapeText, inlineText, isSilent, type LinkTo, plainInline } from './inline.ts';

const maxCell = 400;

/** A table as Markdown has it: one line a row, cells of one line. */
export function tableLines(table: Part, linkTo: LinkTo): string[] {
  const rows = rowsIn(table).map(({ isHead, cells }) => ({
    isHead,
    texts: cells.map((cell) => cellText(cell, linkTo)),
    marks: cells.map((cell) =>
      /(?:^| )number(?: |$)/.test(String(cell.attributes['class'] ?? '')) ? '---:' : '---',
    ),
  }));
  const width = Math.max(0, ...rows.map(({ texts }) => texts.length));
  if (width === 0) return [];
  const head = rows.find(({ isHead }) => isHead);
  const body = rows.filter((row) => row !== head && row.texts.some((text) => text !== ''));
  if (head === undefined && body.length === 0) return [];
  const line = (texts: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, at) => texts[at] ?? '').join(' | ')} |`;
  const marks = Array.from({ length: width }, (_, at) => (head ?? body[0])!.marks[at] ?? '---');
  const lines = [line(head?.texts ?? []), line(marks), ...body.map(({ texts }) => line(texts))];
  return [lines.join('\n')];
}

interface Row {
  isHead: boolean;
  cells: Part[];
}

function rowsIn(part: Part, isHead = false): Row[] {
  return part.children.flatMap((child): Row[] => {
    if (typeof child === 'string' || isSilent(child)) return [];
    if (child.tag !== 'tr') return rowsIn(child, isHead || child.tag === 'thead');
    const cells = child.children.filter(
      (cell): cell is Part => typeof cell !== 'string' && (cell.tag === 'td' || cell.tag === 'th'),
    );
    return [{ isHead, cells }];
  });
}

/** What a cell says in one line, its beginning without marks where that is long; what is folded in it stands on the page. */
function cellText(cell: Part, linkTo: LinkTo): string {
  const inside = cell.children.map(withoutFolded);
  const text = inlineText(inside, linkTo).replace(/\s+/g, ' ').trim();
  return text.length <= maxCell ? text : escapeText(shorten(plainInline(inside), maxCell));
}

function withoutFolded(child: Part | string): Part | string {
  if (typeof child === 'string' || child.tag !== 'details') return child;
  const summary = child.children.find((each) => typeof each !== 'string' && each.tag === 'summary');
  return summary ?? child;
}
