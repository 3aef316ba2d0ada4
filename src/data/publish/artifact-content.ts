import { closeSync, openSync, readSync } from 'node:fs';
import { csvParseRows, tsvParseRows } from 'd3';
import { type JsonValue, parseJson } from '../browser.ts';
import { valueView } from '../values/value.ts';
import type { ArtifactPreview } from './artifact-preview.ts';
import { imageOf } from './image-size.ts';

/** What is known of a file from its name and its beginning. */
export interface ArtifactContent {
  shown: ArtifactPreview['shown'];
  /** Ending of a copy that no browser runs; undefined for what is neither text nor an image. */
  ending: string | undefined;
}

const headBytes = 256 * 1024;
const maxJsonBytes = 64 * 1024;
const [maxLines, maxChars] = [40, 6000];
const [maxRows, maxColumns, maxCellChars] = [20, 16, 80];

/** The first part of a file. */
export function headOf(path: string): Buffer {
  const buffer = Buffer.allocUnsafe(headBytes);
  const descriptor = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** What a page shows of a file: an image only where its bytes say so, too; JSON as values, CSV as a table, other text as text. */
export function shownOf(file: string, head: Buffer, bytes: number): ArtifactContent {
  const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const image = imageOf(head);
  if (image !== undefined)
    return { shown: { kind: 'image', width: image.width, height: image.height }, ending: image.ending };
  const text = textOf(head, bytes);
  if (text === undefined) return { shown: undefined, ending: undefined };
  const isWhole = bytes <= head.length;
  if (extension === 'json' && isWhole && bytes <= maxJsonBytes) {
    const value = parsed(text);
    if (value !== undefined) return { shown: { kind: 'value', value: valueView(value) }, ending: 'json' };
  }
  if (extension === 'csv' || extension === 'tsv') {
    const table = tableOf(text, extension, isWhole);
    if (table !== undefined) return { shown: table, ending: extension };
  }
  return { shown: beginning(text, isWhole), ending: extension === 'json' ? 'json' : 'txt' };
}

/** The text of UTF-8 bytes; undefined for anything else. A letter that the cut went through is left out. */
function textOf(head: Buffer, bytes: number): string | undefined {
  if (head.includes(0)) return undefined;
  let end = head.length;
  if (bytes > head.length) while (end > 0 && (head[end - 1]! & 0xc0) === 0x80) end -= 1;
  if (bytes > head.length && end > 0 && head[end - 1]! >= 0x80) end -= 1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, end));
  } catch {
    return undefined;
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function tableOf(text: string, kind: 'csv' | 'tsv', isWhole: boolean): ArtifactPreview['shown'] {
  const lines = text.split('\n', maxRows * 20).join('\n');
  const all = (kind === 'csv' ? csvParseRows(lines) : tsvParseRows(lines)).filter(
    (row) => row.length > 1 || row[0] !== '',
  );
  // The last line of a part may be half a line.
  const rows = isWhole && lines === text ? all : all.slice(0, -1);
  const [head, ...rest] = rows;
  if (head === undefined || rest.length === 0) return undefined;
  const cut = (row: string[]) =>
    row
      .slice(0, maxColumns)
      .map((cell) => (cell.length > maxCellChars ? `${cell.slice(0, maxCellChars - 1)}…` : cell));
  const isCut = rest.length > maxRows || head.length > maxColumns || rows !== all;
  return { kind: 'table', head: cut(head), rows: rest.slice(0, maxRows).map(cut), isCut };
}

function beginning(text: string, isWhole: boolean): ArtifactPreview['shown'] {
  const lines = text.split('\n');
  const shown = lines.slice(0, maxLines).join('\n').slice(0, maxChars);
  if (shown.trim() === '') return undefined;
  return { kind: 'text', text: shown, isCut: !isWhole || shown.length < text.trimEnd().length };
}
