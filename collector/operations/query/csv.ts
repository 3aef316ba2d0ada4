import { jsonText } from '../../base/json/text.ts';

/** What spreadsheets take for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/;

/**
 * A line of CSV (RFC 4180): cells with quotes, commas or line breaks in quotes, nothing for null, JSON for lists and objects.
 * A text that a spreadsheet would run as a formula gets an apostrophe in front, which shows it as text; with `plain` it
 * stays as it is. Numbers are never changed.
 */
export function csvLine(cells: readonly unknown[], { plain = false } = {}): string {
  return `${cells.map((cell) => cellOf(cell, plain)).join(',')}\r\n`;
}

function cellOf(cell: unknown, plain: boolean): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : jsonText(cell);
  const safe = !plain && formula.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** -Infinity, and numbers that are texts because JavaScript has no such. */
function isNumber(text: string): boolean {
  return /^-(?:Infinity|\d+(?:\.\d+)?)$/.test(text);
}
