import type { Difference } from '../../../collector/base/difference/difference.ts';
import { shortNumber } from '../../../collector/base/format/number.ts';
import { type ExactNumber, hasMembers, isExactNumber, isObject, jsonText } from '../browser.ts';
import { commitHref, safeHref } from '../links.ts';
import { measureText, unitSign } from './unit.ts';

/** Any JSON value, as the views take it. */
export type Json = NonNullable<Difference['before']> | null;

/** A JSON value as a page prints it: leaves as text, simple lists in one line, lists of records as tables. */
export type ValueView =
  | LeafView
  | { kind: 'object'; entries: { key: string; value: ValueView }[] }
  | { kind: 'list'; items: ValueView[] }
  | TableView
  | { kind: 'raw'; text: string };

/** Records as rows. `letters` is about how wide the table is, in letters, where no word is broken. */
export interface TableView {
  kind: 'table';
  columns: { name: string; type: 'number' | 'short' | 'long' | 'plain' }[];
  rows: LeafView[][];
  letters: number;
}

/** One value without parts. `exact` is the recorded value where the text rounds it; `timeUs` is set for times. */
export interface LeafView {
  kind: 'leaf';
  type: 'text' | 'number' | 'word' | 'nothing';
  text: string;
  exact: string | undefined;
  timeUs: number | undefined;
  href: string | undefined;
}

const maxDepth = 6;
const maxRawChars = 20_000;
const maxColumns = 8;
/** Letters that a cell counts with, however long it is: longer ones wrap. */
const maxCellChars = 40;
/** Words up to this length are never broken. */
const maxWordChars = 22;

/** Turns a recorded value into what a page prints; what lies too deep is given as JSON text. `key` and `repository` help to read it. */
export function valueView(value: Json, key = '', repository?: string, depth = 0): ValueView {
  if (!hasMembers(value)) return leafView(value, key, repository);
  if (depth >= maxDepth) return { kind: 'raw', text: rawText(value) };
  if (!Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) return nothing('no fields');
    return {
      kind: 'object',
      entries: entries.map(([name, one]) => ({
        key: name,
        value: valueView(one, name, repository, depth + 1),
      })),
    };
  }
  if (value.length === 0) return nothing('none');
  return (
    tableView(value, repository) ?? {
      kind: 'list',
      items: value.map((one) => valueView(one, key, repository, depth + 1)),
    }
  );
}

/** A value without parts as text, with its unit where the name of the field gives one. */
export function leafView(
  value: string | number | boolean | ExactNumber | null,
  key: string,
  repository?: string,
): LeafView {
  if (value === null) return nothing('null');
  if (typeof value === 'boolean') return leaf('word', String(value));
  if (typeof value === 'number' || isExactNumber(value)) return numberLeaf(value, key);
  if (value === '') return nothing('empty text');
  const timeUs = timeOf(value);
  if (timeUs !== undefined) return { ...leaf('text', value, value), timeUs };
  const href = /^https?:/i.test(value) ? safeHref(value) : commitHref(repository, value);
  return { ...leaf('text', value), href };
}

/** JSON text for the eye, cut where it would make the page heavy. */
export function rawText(value: Json): string {
  const text = jsonText(value, 2);
  return text.length <= maxRawChars
    ? text
    : `${text.slice(0, maxRawChars)}\n… ${text.length - maxRawChars} more characters in the file`;
}

/** Records of the same few fields, as rows; short lists inside them stand in one cell. */
function tableView(values: Json[], repository: string | undefined): TableView | undefined {
  const names = new Set<string>();
  for (const value of values) {
    if (!isObject(value)) return undefined;
    for (const [key, one] of Object.entries(value)) {
      if (hasMembers(one) && cellText(one) === undefined) return undefined;
      names.add(key);
    }
  }
  if (names.size === 0 || names.size > maxColumns) return undefined;
  const keys = [...names];
  const rows = values.map((value) => {
    const fields = new Map(Object.entries(value as Record<string, Json>));
    return keys.map((key) => cellOf(fields.get(key), key, repository));
  });
  const columns = keys.map((name, at) => ({
    name,
    type: columnType(rows.map((row) => row[at] as LeafView)),
  }));
  const widths = keys.map((name, at) =>
    Math.max(
      name.length,
      ...rows.slice(0, 100).map((row) => Math.min(maxCellChars, row[at]?.text.length ?? 0)),
    ),
  );
  return { kind: 'table', columns, rows, letters: widths.reduce((sum, width) => sum + width + 2, 0) };
}

function cellOf(value: Json | undefined, key: string, repository: string | undefined): LeafView {
  if (value === undefined) return nothing('');
  if (!hasMembers(value)) return leafView(value, key, repository);
  const text = cellText(value) ?? '';
  return text === '' ? nothing('none') : leaf('text', text);
}

/** A short list of short values in one line; undefined for anything else with parts. */
function cellText(value: Json): string | undefined {
  if (!Array.isArray(value) || value.length > 8) return undefined;
  if (value.some(hasMembers)) return undefined;
  const text = value.map(String).join(', ');
  return text.length <= maxCellChars * 2 ? text : undefined;
}

function columnType(cells: LeafView[]): TableView['columns'][number]['type'] {
  const told = cells.filter(({ type }) => type !== 'nothing');
  if (told.length > 0 && told.every(({ type }) => type === 'number')) return 'number';
  if (told.every(({ text }) => text.length <= maxWordChars)) return 'short';
  const words = told.filter(({ timeUs }) => timeUs === undefined).flatMap(({ text }) => text.split(/\s+/));
  return words.some((word) => word.length > maxWordChars) ? 'long' : 'plain';
}

function numberLeaf(recorded: number | ExactNumber, key: string): LeafView {
  const exact = String(recorded);
  const value = Number(recorded);
  const measure = measureText(value, key);
  if (measure !== undefined) return leaf('number', measure, `${exact}${unitSign(key)}`);
  const isLong = exact.length > 9 && Number.isFinite(value) && !/^-?\d+$/.test(exact);
  const short = isLong && !Number.isInteger(value) ? shortNumber(value) : exact;
  return leaf('number', short.replace(/^-/, '−'), exact);
}

/** The time that a text is, where it names its zone. */
export function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms * 1000;
}

function leaf(type: LeafView['type'], text: string, exact?: string): LeafView {
  return {
    kind: 'leaf',
    type,
    text,
    exact: exact === text ? undefined : exact,
    timeUs: undefined,
    href: undefined,
  };
}

function nothing(text: string): LeafView {
  return leaf('nothing', text);
}
