import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';

/** How the system is, derived from the snapshot; `reasons` says why in sentences. */
export type Health = 'operational' | 'degraded' | 'failing' | 'unknown';

/** One periodic snapshot as it stands in periodic_YYYYMMDD_HHMMSS.json. */
export interface PeriodicSnapshot {
  snapshot_id: string;
  snapshot_type: 'periodic';
  timestamp: string;
  interval: string;
  system_state: JsonObject;
  metadata: JsonObject;
  [section: string]: JsonValue;
}

/** A snapshot of the book as readers get it: its place, time and content. */
export interface SnapshotRecord {
  /** Unique in the book; equals the file name without its ending. */
  id: string;
  atUs: number;
  zoneless: boolean;
  health: Health;
  healthReasons: string[];
  /** Path relative to the book. */
  file: string;
  bytes: number;
  content: JsonObject;
}

const healthWords: readonly Health[] = ['operational', 'degraded', 'failing'];

/** Turns the parsed content of a snapshot file into a record; `file` and `bytes` are the reader's to fill in. */
export function parsePeriodic(content: JsonObject, id: string): SnapshotRecord {
  const state = isObject(content['system_state']) ? content['system_state'] : {};
  const at = timeOf(content['timestamp']) ?? timeOf(state['timestamp']) ?? timeInName(id);
  const health = healthWords.find((word) => word === state['health']) ?? 'unknown';
  const reasons = state['health_reasons'];
  return {
    id,
    atUs: at?.us ?? Number.NaN,
    zoneless: at?.zoneless ?? false,
    health,
    healthReasons: Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [],
    file: '',
    bytes: 0,
    content,
  };
}

/** The sections of a snapshot: all that is neither its identity nor its metadata. */
export function sectionsOf(content: JsonObject): [string, JsonValue][] {
  return Object.entries(content).filter(([key]) => !identityKeys.has(key));
}

const identityKeys = new Set(['snapshot_id', 'snapshot_type', 'timestamp', 'interval', 'metadata']);

function timeOf(value: JsonValue | undefined): ReturnType<typeof parseTime> {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

function timeInName(id: string): ReturnType<typeof parseTime> {
  const match = /(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(id);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
