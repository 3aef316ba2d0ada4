import type { ActionRecord } from '../../../collector/formats/actions/action.ts';
import { type DisplayStatus, isObject, type JsonValue, jsonText, parseJson } from '../browser.ts';
import type { HistoryLine } from './index.ts';
import { summaryText } from './text.ts';

/** One action on its way into the table: one line, or several lines that share an action id. */
export interface ActionRow {
  atUs: number;
  type: string;
  status: DisplayStatus;
  run: string | null;
  writer: string | null;
  took: number | null;
  key: string;
  summary: string;
  word: string;
  wordFrom: string;
  /** Whether a later line can end it: only an action with an id of its own. */
  endable: boolean;
  zoneless: boolean;
  started: number | null;
  ended: number | null;
  error: string | null;
  /** JSON text. */
  source: string | null;
  /** JSON text. */
  details: string;
  /** JSON text of what the line holds beside the known fields. */
  extra: string | null;
  file: string;
  line: number;
  /** JSON text of HistoryLine[]; null where the action is one line. */
  history: string | null;
}

/** The row of one line. */
export function actionRow(record: ActionRecord, details: JsonValue): ActionRow {
  const took = record.durationMs ?? spanMs(record.startedAtUs, record.endedAtUs);
  return {
    atUs: record.atUs,
    type: record.type,
    status: record.status,
    run: record.run ?? null,
    writer: writerOf(record),
    took: took ?? null,
    key: record.key,
    summary: summaryText(details),
    word: record.statusWord,
    wordFrom: record.statusFrom,
    endable: record.actionId !== undefined,
    zoneless: record.zoneless,
    started: record.startedAtUs ?? null,
    ended: record.endedAtUs ?? null,
    error: record.error ?? null,
    source: record.source === undefined ? null : jsonText(record.source),
    details: (details === record.details ? record.detailsText : undefined) ?? jsonText(details),
    extra: extraFields(record.fields),
    file: record.file,
    line: record.line,
    history: null,
  };
}

/**
 * One row of the lines that share an action id, oldest first: it began with the first, its status, error and end are
 * the last's, its details are those of all lines together, later ones winning.
 */
export function joinRows(parts: readonly ActionRow[]): ActionRow {
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  if (parts.length === 1) return first;
  const details = mergeDetails(parts.map((part) => parseJson(part.details) as JsonValue));
  const started = parts.find((part) => part.started !== null)?.started ?? first.atUs;
  const ended = lastOf(parts, 'ended') ?? (isOver(last.status) ? last.atUs : null);
  return {
    ...first,
    status: last.status,
    word: last.word,
    wordFrom: last.wordFrom,
    type: last.type,
    run: lastOf(parts, 'run'),
    writer: lastOf(parts, 'writer'),
    took: lastOf(parts, 'took') ?? spanMs(started, ended ?? undefined) ?? null,
    summary: summaryText(details),
    started,
    ended,
    error: last.error,
    source: lastOf(parts, 'source'),
    details: jsonText(details),
    extra: lastOf(parts, 'extra'),
    history: jsonText(parts.map(historyLine)),
  };
}

function historyLine(part: ActionRow): HistoryLine {
  const entry: HistoryLine = {
    at: part.atUs,
    status: part.status,
    word: part.word,
    file: part.file,
    line: part.line,
    details: parseJson(part.details),
  };
  if (part.error !== null) entry.error = part.error;
  return entry;
}

function mergeDetails(all: JsonValue[]): JsonValue {
  const told = all.filter(
    (details) => !(details === null || (isObject(details) && Object.keys(details).length === 0)),
  );
  if (!told.every(isObject)) return told[told.length - 1] ?? {};
  const merged: [string, JsonValue][] = told.flatMap((details) => Object.entries(details));
  return Object.fromEntries(merged);
}

function lastOf<Key extends keyof ActionRow>(parts: readonly ActionRow[], key: Key): ActionRow[Key] | null {
  for (let at = parts.length - 1; at >= 0; at--) if (parts[at]![key] !== null) return parts[at]![key];
  return null;
}

/** Who wrote a line: where it was written, or the program. */
export function writerOf(record: ActionRecord): string | null {
  const { source, fields } = record;
  if (source?.ci !== undefined) return source.ci;
  if (source?.host !== undefined) return source.host;
  const metadata = fields.line['metadata'];
  const by = isObject(metadata) ? metadata['generated_by'] : undefined;
  return typeof by === 'string' ? by : null;
}

const knownKeys = new Set([
  'snapshot_id',
  'snapshot_type',
  'timestamp',
  'action',
  'run',
  'source',
  'metadata',
  'checksum',
]);
const knownActionKeys = new Set([
  'type',
  'status',
  'details',
  'started_at',
  'id',
  'ended_at',
  'duration_ms',
  'error',
]);

function extraFields({ line, action }: ActionRecord['fields']): string | null {
  const extra: [string, JsonValue][] = [];
  for (const key in line) if (!knownKeys.has(key)) extra.push([key, line[key]!]);
  for (const key in action) if (!knownActionKeys.has(key)) extra.push([`action.${key}`, action[key]!]);
  return extra.length === 0 ? null : jsonText(Object.fromEntries(extra));
}

function spanMs(startedUs: number | undefined, endedUs: number | undefined): number | undefined {
  return startedUs !== undefined && endedUs !== undefined ? (endedUs - startedUs) / 1000 : undefined;
}

function isOver(status: DisplayStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'aborted';
}
