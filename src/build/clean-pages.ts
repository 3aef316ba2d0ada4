import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainText, readAttributes } from '../../collector/base/format/plain.ts';

/** Makes the text of all pages below `folder` plain: what templates print of recorded data passes here, and nowhere else. */
export function cleanPages(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    if (!name.endsWith('.html')) continue;
    const path = join(folder, name);
    const html = readFileSync(path, 'utf8');
    const clean = cleanHtml(html);
    if (clean !== html) writeFileSync(path, clean);
  }
}

/** What stands between the angle brackets of a tag: a value in quotes may hold angle brackets of its own. */
const inTag = `(?:"[^"]*"|'[^']*'|[^'">])*`;
const pieces = new RegExp(
  `<!--[\\s\\S]*?-->|<(script|style)\\b${inTag}>[\\s\\S]*?</\\1>|<${inTag}>|[^<]+`,
  'g',
);
const read = new RegExp(`\\s(?:${[...readAttributes].join('|')})="[^"]*"`, 'g');

/** Text between tags, and what a reader gets of attributes; addresses and data for scripts stay as they are. */
export function cleanHtml(html: string): string {
  return html.replace(pieces, (piece) => {
    if (!piece.startsWith('<')) return plainText(piece);
    return /^<(?:script|style|!--)/.test(piece) ? piece : piece.replace(read, plainText);
  });
}
