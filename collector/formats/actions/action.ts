import { crc32 } from '../../base/hash.ts';
import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { DisplayStatus } from './status.ts';

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
  /** Id of the action that it was recorded within. */
  action?: string;
  /** Id of the import that it came by, and the file and line it stood in. */
  import?: string;
  from?: string;
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

/** An action as every reader gets it, no matter who wrote the line. */
export interface ActionRecord {
  /**
   * Unique in the book, and the same whatever other lines come or go: the snapshot id for Daybook's own lines, and the
   * snapshot id, "~" and the CRC-32 of the line for others, because real logs hold many lines with one id.
   */
  key: string;
  /** The same for lines that have one key, and had without computing that: for telling lines of one reading apart. */
  sameness: string;
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
  /** The details as a BlobReference, where they are one; says so without reading details that are none. */
  blob: BlobReference | undefined;
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
  durationMs: number | undefined;
  error: string | undefined;
  /** Lines with the same action id are one action. */
  actionId: string | undefined;
  run: string | undefined;
  source: ActionSource | undefined;
  /** The details as JSON text, where they stand in the line as jsonText would write them. */
  detailsText: string | undefined;
  /** The members of the line and of its action, unknown ones included; what the record has anyway may be left out. */
  fields: { line: JsonObject; action: JsonObject };
  /** The whole line as parsed, unknown fields included. */
  raw: JsonObject;
  /** Where the line stands: file relative to the book, line number from 1. */
  file: string;
  line: number;
}

/** The most bytes one line may have, newline included; larger details go to a blob. */
export const maxLineBytes = 64 * 1024;

/** Whether details stand in a blob instead of the line. */
export function isBlobReference(details: JsonValue): details is JsonObject & BlobReference {
  return (
    isObject(details) && typeof details['$blob'] === 'string' && numberIn(details['bytes']) !== undefined
  );
}

const checksumStart = ',"checksum":"crc32:';
/** The byte that `checksumStart` begins with. */
const comma = 44;
const checksumBytes = checksumStart.length + 8 + 2;

const scratch = Buffer.allocUnsafe(4 * maxLineBytes);

/** One line with its checksum and newline; the checksum covers every byte before it. */
export function serializeAction(line: Omit<ActionLine, 'checksum'>): Buffer {
  return sealLine(jsonText(line));
}

/** The text of a JSON object as a line: with a checksum as its last member, and a newline. */
export function sealLine(json: string): Buffer {
  // Most lines fit the scratch buffer whatever their characters, which saves measuring and joining.
  const room = json.length * 3 + checksumBytes + 1;
  const bytes = room <= scratch.length ? scratch : Buffer.allocUnsafe(room);
  const end = bytes.write(json) - 1;
  const checksum = crc32(bytes.subarray(0, end)).toString(16).padStart(8, '0');
  const length = end + bytes.write(`${checksumStart}${checksum}"}\n`, end, 'latin1');
  return Buffer.from(bytes.subarray(0, length));
}

/** What the checksum of a line says: right, wrong, or that it has none (other writers' lines). */
export function checkLine(bytes: Buffer): 'right' | 'wrong' | 'none' {
  const start = bytes.length - checksumBytes;
  // One byte tells most lines of other writers apart before any text is made of them.
  if (start <= 0 || bytes[start] !== comma) return 'none';
  if (bytes.toString('latin1', start, start + checksumStart.length) !== checksumStart) return 'none';
  const written = bytes.toString('latin1', start + checksumStart.length, bytes.length - 2);
  return Number.parseInt(written, 16) === crc32(bytes.subarray(0, start)) ? 'right' : 'wrong';
}
