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

const pieces = /<script\b[\s\S]*?<\/script>|<style\b[\s\S]*?<\/style>|<[^>]*>|[^<]+/g;
const read = new RegExp(`\\s(?:${[...readAttributes].join('|')})="[^"]*"`, 'g');

/** Text between tags, and what a reader gets of attributes; addresses and data for scripts stay as they are. */
export function cleanHtml(html: string): string {
  return html.replace(pieces, (piece) => {
    if (!piece.startsWith('<')) return plainText(piece);
    return /^<(?:script|style)\b/.test(piece) ? piece : piece.replace(read, plainText);
  });
}
