import { shorten } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';

const mostChars = 200;

/**
 * A recorded text in a cell of a table in GitHub's Markdown: a code span behind more ticks than stand in it. So it can be no markup and no
 * link, ends no cell, and calls nobody by name.
 */
export function recordedText(text: string, most = mostChars): string {
  const line = shorten(visibleText(text.replace(/\s+/g, ' ').trim()), most).replaceAll('|', '\\|');
  if (line === '') return '';
  const ticks = '`'.repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  // Spaces at both ends are taken off again; a tick at an end would join the others.
  return `${ticks} ${line} ${ticks}`;
}

/** Rows of a table in Markdown; cells come as Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
