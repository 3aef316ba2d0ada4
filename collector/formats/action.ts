import { crc32Hex } from '../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { showText } from '../base/show.ts';
import { parseTime } from '../base/time.ts';
import { type DisplayStatus, displayStatusOf, isFinal } from './status.ts';

/** Who wrote a line and where; every field is optional because writers run in different places. */
export interface ActionSource {
  host?: string;
  pid?: number;
  /** Name of the CI provider, e.g. "github-actions". */
  ci?: string;
  /** http(s) address of the CI run. */
  url?: string;
  /** Full commit id and branch of the work tree. */
  commit?: string;
  branch?: string;
}

/** One line of action_log.jsonl as Daybook writes it; the keys up to `metadata` are the original's. */
export interface ActionLine {
  snapshot_id: string;
  snapshot_type: 'action';
  timestamp: string;
  action: {
    type: string;
    status: string;
    details: JsonValue;
    started_at: string;
    id?: string;
    ended_at?: string;
    duration_ms?: number;
    error?: string;
  };
  run?: string;
  source?: ActionSource;
  metadata: { generated_by: string; version: string };
  checksum: string;
}

/** Details that were too large for a line: the line keeps where they are, how large, and how they begin. */
export interface BlobReference {
  $blob: string;
  bytes: number;
  preview: string;
}

/** An action as every reader gets it, whoever wrote the line. */
export interface ActionRecord {
  /**
   * Unique in the book, and the same whatever other lines come or go: the snapshot id for Daybook's own lines, and the
   * snapshot id, "~" and the CRC-32 of the line for others, because real logs hold many lines with one id.
   */
  key: string;
  snapshotId: string;
  /** Microseconds since 1970 UTC; where the line has no readable time, that of the line before it (see `untimed`). */
  atUs: number;
  /** True where the file gave a time without a zone (taken as UTC). */
  zoneless: boolean;
  /** True where no time could be read. */
  untimed: boolean;
  type: string;
  status: DisplayStatus;
  /** The word the status was read from, as the file spells it. */
  statusWord: string;
  /** Where that word stands, e.g. "action.status" or "details.status". */
  statusFrom: string;
  /** Details as in the line; a BlobReference where they lie in snapshots/blobs. */
  details: JsonValue;
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
  durationMs: number | undefined;
  error: string | undefined;
  /** Lines with the same action id are one action. */
  actionId: string | undefined;
  run: string | undefined;
  source: ActionSource | undefined;
  /** The whole line as parsed, unknown fields included. */
  raw: JsonObject;
  /** Where the line stands: file relative to the book, line number from 1. */
  file: string;
  line: number;
}

/** The most bytes one line may have, newline included; larger details go to a blob. */
export const maxLineBytes = 64 * 1024;

/** Why a value is not an action, as the two halves of a finding. */
export interface NotAnAction {
  path: string;
  expected: string;
  found: string;
}

/** Turns a parsed line, whoever wrote it, into a record; `key`, `file` and `line` are the reader's to fill in. */
export function parseAction(value: JsonValue): ActionRecord | NotAnAction {
  if (!isObject(value)) return notAnAction('', 'a JSON object', value);
  const action = value['action'];
  if (!isObject(action))
    return notAnAction('action', 'an object with the type and status of the action', action);
  const type = action['type'];
  if (typeof type !== 'string' || type === '') return notAnAction('action.type', 'a text', type);
  const kind = value['snapshot_type'];
  if (kind !== undefined && kind !== 'action') return notAnAction('snapshot_type', '"action"', kind);

  const details = action['details'] ?? {};
  const written = textOf(action['status']);
  const stated = displayStatusOf(written);
  const final = stated === 'running' || stated === 'pending' ? finalStatusIn(details) : undefined;
  const startedAt = timeOf(action['started_at']);
  const endedAt = timeOf(action['ended_at']);
  const at = timeOf(value['timestamp']) ?? startedAt;
  const snapshotId = textOf(value['snapshot_id']);
  return {
    key: snapshotId,
    snapshotId,
    atUs: at?.us ?? Number.NaN,
    zoneless: at?.zoneless ?? false,
    untimed: at === undefined,
    type,
    status: final?.status ?? stated,
    statusWord: final?.word ?? written,
    statusFrom: final?.from ?? 'action.status',
    details,
    startedAtUs: startedAt?.us,
    endedAtUs: endedAt?.us,
    durationMs: durationOf(action, details) ?? between(startedAt?.us, endedAt?.us),
    error: textOrNone(action['error']),
    actionId: textOrNone(action['id']),
    run: textOrNone(value['run']),
    source: isObject(value['source']) ? sourceOf(value['source']) : undefined,
    raw: value,
    file: '',
    line: 0,
  };
}

/** Whether parseAction found an action. */
export function isActionRecord(parsed: ActionRecord | NotAnAction): parsed is ActionRecord {
  return 'snapshotId' in parsed;
}

/** Whether details stand in a blob instead of the line. */
export function isBlobReference(details: JsonValue): details is JsonObject & BlobReference {
  return isObject(details) && typeof details['$blob'] === 'string' && typeof details['bytes'] === 'number';
}

const checksumStart = ',"checksum":"crc32:';
const checksumBytes = checksumStart.length + 8 + 2;

/** One line with its checksum and newline; the checksum covers every byte before it. */
export function serializeAction(line: Omit<ActionLine, 'checksum'>): Buffer {
  const body = Buffer.from(JSON.stringify(line).slice(0, -1));
  return Buffer.concat([body, Buffer.from(`${checksumStart}${crc32Hex(body)}"}\n`, 'latin1')]);
}

/** What the checksum of a line says: right, wrong, or that it has none (other writers' lines). */
export function checkLine(bytes: Buffer): 'right' | 'wrong' | 'none' {
  const start = bytes.length - checksumBytes;
  if (start <= 0 || bytes.toString('latin1', start, start + checksumStart.length) !== checksumStart)
    return 'none';
  const written = bytes.toString('latin1', start + checksumStart.length, bytes.length - 2);
  return written === crc32Hex(bytes.subarray(0, start)) ? 'right' : 'wrong';
}

function notAnAction(path: string, expected: string, found: JsonValue | undefined): NotAnAction {
  return {
    path,
    expected,
    found: found === undefined ? 'nothing' : showText(JSON.stringify(found) ?? '', 60),
  };
}

/** Real logs say "executing" for ever while the details know how it ended. */
function finalStatusIn(
  details: JsonValue,
): { status: DisplayStatus; word: string; from: string } | undefined {
  if (!isObject(details)) return undefined;
  for (const field of ['status', 'result', 'outcome']) {
    const word = details[field];
    if (typeof word !== 'string') continue;
    const status = displayStatusOf(word);
    if (isFinal(status)) return { status, word, from: `details.${field}` };
  }
  return undefined;
}

/** Durations as people write them: duration_ms, duration_seconds, or a text with a unit ("2.3s"). */
function durationOf(action: JsonObject, details: JsonValue): number | undefined {
  if (typeof action['duration_ms'] === 'number') return action['duration_ms'];
  if (!isObject(details)) return undefined;
  if (typeof details['duration_ms'] === 'number') return details['duration_ms'];
  if (typeof details['duration_seconds'] === 'number') return details['duration_seconds'] * 1000;
  const match =
    typeof details['duration'] === 'string'
      ? /^\s*([\d.]+)\s*(ms|s|m|min|h)\s*$/.exec(details['duration'])
      : null;
  if (match === null) return undefined;
  const ms = Number(match[1]) * { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }[match[2] as 'ms']!;
  return Number.isFinite(ms) ? ms : undefined;
}

function between(startUs: number | undefined, endUs: number | undefined): number | undefined {
  return startUs === undefined || endUs === undefined || endUs < startUs
    ? undefined
    : (endUs - startUs) / 1000;
}

function timeOf(value: JsonValue | undefined): ReturnType<typeof parseTime> {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

function sourceOf(value: JsonObject): ActionSource {
  const source: ActionSource = {};
  if (typeof value['pid'] === 'number') source.pid = value['pid'];
  for (const field of ['host', 'ci', 'url', 'commit', 'branch'] as const) {
    const text = value[field];
    if (typeof text === 'string') source[field] = text;
  }
  return source;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function textOrNone(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : textOf(value);
}
