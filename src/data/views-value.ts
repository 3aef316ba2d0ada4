import { formatBytes, formatDuration, formatShare } from '../charts/format.ts';
import { commitHref, safeHref } from './links.ts';
import type { Json } from './views-changes.ts';

/** A JSON value as a page prints it: leaves as text, simple lists in one line, lists of records as tables. */
export type ValueView =
  | LeafView
  | { kind: 'object'; entries: { key: string; value: ValueView }[] }
  | { kind: 'list'; items: ValueView[] }
  | { kind: 'table'; columns: string[]; rows: LeafView[][] }
  | { kind: 'raw'; text: string };

/** One value without parts. `exact` is the recorded value where the text rounds it; `timeUs` is set for times. */
export interface LeafView {
  kind: 'leaf';
  type: 'text' | 'number' | 'word' | 'nothing';
  text: string;
  exact: string | undefined;
  timeUs: number | undefined;
  href: string | undefined;
}

const mostDepth = 6;
const mostRawLetters = 20_000;
const mostColumns = 6;

/** Turns a recorded value into what a page prints; what lies too deep is given as JSON text. `key` and `repository` help to read it. */
export function valueView(value: Json, key = '', repository?: string, depth = 0): ValueView {
  if (value === null || typeof value !== 'object') return leafView(value, key, repository);
  if (depth >= mostDepth) return { kind: 'raw', text: rawText(value) };
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
  value: string | number | boolean | null,
  key: string,
  repository?: string,
): LeafView {
  if (value === null) return nothing('null');
  if (typeof value === 'boolean') return leaf('word', String(value));
  if (typeof value === 'number') return numberLeaf(value, key);
  if (value === '') return nothing('empty text');
  const timeUs = timeOf(value);
  if (timeUs !== undefined) return { ...leaf('text', value, value), timeUs };
  const href = /^https?:/i.test(value) ? safeHref(value) : commitHref(repository, value);
  return { ...leaf('text', value), href };
}

/** JSON text for the eye, cut where it would make the page heavy. */
export function rawText(value: Json): string {
  const text = JSON.stringify(value, undefined, 2);
  return text.length <= mostRawLetters
    ? text
    : `${text.slice(0, mostRawLetters)}\n… ${text.length - mostRawLetters} more characters in the file`;
}

/** Records of the same few simple fields, as rows. */
function tableView(values: Json[], repository: string | undefined): ValueView | undefined {
  const columns = new Set<string>();
  for (const value of values) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    for (const [key, one] of Object.entries(value)) {
      if (one !== null && typeof one === 'object') return undefined;
      columns.add(key);
    }
  }
  if (columns.size === 0 || columns.size > mostColumns) return undefined;
  const names = [...columns];
  const rows = values.map((value) => {
    const fields = new Map(Object.entries(value as Record<string, string | number | boolean | null>));
    return names.map((name) => {
      const one = fields.get(name);
      return one === undefined ? nothing('') : leafView(one, name, repository);
    });
  });
  return { kind: 'table', columns: names, rows };
}

function numberLeaf(value: number, key: string): LeafView {
  const exact = String(value);
  if (/(^|_)bytes?$|Bytes$/.test(key)) return leaf('number', formatBytes(value), `${exact} bytes`);
  if (/(_ms|Ms)$/.test(key)) return leaf('number', formatDuration(value), `${exact} ms`);
  if (/(_seconds|Seconds|_s)$/.test(key)) return leaf('number', formatDuration(value * 1000), `${exact} s`);
  if (/(_share|_ratio)$/.test(key) && value >= 0 && value <= 1)
    return leaf('number', formatShare(value, 1), exact);
  return leaf('number', exact.replace(/^-/, '−'), exact);
}

function timeOf(text: string): number | undefined {
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
