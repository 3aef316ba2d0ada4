import { isExactNumber } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { isoMicros, parseTime } from '../../base/time.ts';
import { type DisplayStatus, displayStatusOf } from '../actions/status.ts';

/** Which run of a ledger: relpath "" is the ledger's own folder. */
export interface LedgerKey {
  identifier: string;
  relpath: string;
  uid: string;
}

/** A run that had to take another uid, because its own was given to another run in the meantime. */
export interface Renumbered {
  from: LedgerKey;
  uid: string;
  /** When it was allocated, where it says so: that tells it from the other one. */
  bornUs: number | undefined;
}

/** One text per run of a ledger; no part can be mistaken for another. */
export function keyText(key: LedgerKey): string {
  return jsonText([key.identifier, key.relpath, key.uid]);
}

/** Who ran a run, as our own writers say it. */
export interface RunOwner {
  /** The process that runs it; undefined where a short-lived command said so on behalf of another. */
  pid: number | undefined;
  host: string;
  /** Start of the process in the host's own words, so that a process id used again is not taken for it. */
  start: string | undefined;
  /** Last sign of life, microseconds UTC. */
  seenUs: number;
  /** Whether it gives signs of life while it runs: then silence means something. */
  beats: boolean;
}

/** One run of a ledger as readers get it. */
export interface LedgerRun extends LedgerKey {
  /** The ledger, relative to the book. */
  file: string;
  statusWord: string;
  status: DisplayStatus;
  /** Hex text in current ledgers; integers of old ones are numbers, or texts where a number cannot hold them. */
  paramHash: string | number | null | undefined;
  /** Paths by name, as written. No prototype. */
  files: Record<string, string>;
  /** Every change of status, oldest first. */
  history: { atUs: number; word: string; status: DisplayStatus }[];
  /** True where a time names no zone; it is taken as UTC. */
  zoneless: boolean;
  /** Who ran it, where Daybook wrote it and it is not over. */
  owner: RunOwner | undefined;
  /** The record as it stands, unknown fields included. */
  record: JsonObject;
}

/** The words the original knows; it refuses a whole ledger that holds another one. */
export const ledgerStatuses = ['pending', 'running', 'done', 'error'] as const;

/** One of the original's status words. */
export type LedgerStatus = (typeof ledgerStatuses)[number];

/** The original's word for any known one ("completed" -> "done"); undefined where it has none, as for "aborted". */
export function ledgerStatusOf(given: string): LedgerStatus | undefined {
  return wordOfStatus[displayStatusOf(given)];
}

const wordOfStatus: Partial<Record<DisplayStatus, LedgerStatus>> = {
  pending: 'pending',
  running: 'running',
  completed: 'done',
  failed: 'error',
};

/**
 * Time as ledgers have it: no zone, and UTC, because that is what a time without a zone is read as. Like the original it
 * leaves out a fraction of zero.
 */
export function ledgerTime(us: number): string {
  return isoMicros(us).slice(0, -1).replace('.000000', '');
}

/** One complaint about a record: the rest of it is read all the same. */
export type Complaint = (
  path: string,
  expected: string,
  found: string,
  code?: 'wrong-shape' | 'bad-time',
) => void;

/** Whether a value is a run's record, told apart from whatever else files called metadata.json hold. */
export function looksLikeRun(uid: string, value: JsonValue): value is JsonObject {
  if (!isObject(value) || typeof own(value, 'status') !== 'string') return false;
  return (
    /^\d+$/.test(uid) ||
    ['param_hash', 'files', 'timestamp_status_lst'].some((key) => Object.hasOwn(value, key))
  );
}

/** Turns a record into a run; what is odd in it is complained of and left out. */
export function parseLedgerRecord(
  key: LedgerKey,
  file: string,
  record: JsonObject,
  complain: Complaint,
): LedgerRun {
  const statusWord = textOf(own(record, 'status'));
  if (statusWord === undefined)
    complain('.status', `one of ${ledgerStatuses.join(', ')}`, shownValue(own(record, 'status')));
  else if (!(ledgerStatuses as readonly string[]).includes(statusWord))
    complain('.status', `one of ${ledgerStatuses.join(', ')}`, shownValue(statusWord));
  const { history, zoneless } = parseHistory(own(record, 'timestamp_status_lst'), complain);
  return {
    identifier: key.identifier,
    relpath: key.relpath,
    uid: key.uid,
    file,
    statusWord: statusWord ?? '',
    status: displayStatusOf(statusWord ?? ''),
    paramHash: parseHash(own(record, 'param_hash'), complain),
    files: parseFiles(own(record, 'files'), complain),
    history,
    zoneless,
    owner: undefined,
    record,
  };
}

/** When the run was allocated: the first time of its history. Two runs of one key with different ones are different runs. */
export function bornUs(record: JsonObject): number | undefined {
  const list = own(record, 'timestamp_status_lst');
  const first = Array.isArray(list) ? list[0] : undefined;
  const text = Array.isArray(first) ? first[0] : undefined;
  return typeof text === 'string' ? parseTime(text)?.us : undefined;
}

/** A member that is the object's own: "__proto__" is a name like any other. */
export function own(record: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function parseHistory(value: JsonValue | undefined, complain: Complaint) {
  const history: LedgerRun['history'] = [];
  let zoneless = false;
  if (value === undefined) return { history, zoneless };
  if (!Array.isArray(value)) {
    complain('.timestamp_status_lst', 'a list of [time, status]', shownValue(value));
    return { history, zoneless };
  }
  for (const [at, entry] of value.entries()) {
    const time = Array.isArray(entry) ? entry[0] : undefined;
    const word = Array.isArray(entry) ? entry[1] : undefined;
    const path = `.timestamp_status_lst[${at}]`;
    if (typeof time !== 'string' || typeof word !== 'string') {
      complain(path, '[time, status]', shownValue(entry));
      continue;
    }
    const parsed = parseTime(time);
    if (parsed === undefined) {
      complain(`${path}[0]`, 'a time such as 2026-01-31T12:00:00.000000', shownValue(time), 'bad-time');
      continue;
    }
    zoneless ||= parsed.zoneless;
    history.push({ atUs: parsed.us, word, status: displayStatusOf(word) });
  }
  return { history, zoneless };
}

function parseHash(value: JsonValue | undefined, complain: Complaint): LedgerRun['paramHash'] {
  if (value === undefined || value === null || typeof value === 'string') return value;
  // Old ledgers hold 64-bit hashes as numbers: their digits are what is compared.
  if (isExactNumber(value)) return value.text;
  if (typeof value === 'number') return value;
  complain('.param_hash', 'a hash, or null', shownValue(value));
  return undefined;
}

function parseFiles(value: JsonValue | undefined, complain: Complaint): Record<string, string> {
  const files: Record<string, string> = Object.create(null);
  if (value === undefined || value === null) return files;
  if (!isObject(value)) {
    complain('.files', 'an object of paths by name', shownValue(value));
    return files;
  }
  for (const [name, path] of Object.entries(value)) {
    if (typeof path === 'string') files[name] = path;
    else complain(`.files${pathPart(name)}`, 'a path', shownValue(path));
  }
  return files;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A key as a part of a JSON path: ["grid/lr-1e3"]. */
export function pathPart(key: string): string {
  return `[${jsonText(showText(key, 60))}]`;
}

/** A value as a phrase for a finding. */
export function shownValue(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (isObject(value)) return 'an object';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return showText(jsonText(value), 60);
}

/** One record of a ledger with the text it was read from, which a writer puts back unchanged. */
export interface LedgerEntry {
  run: LedgerRun;
  raw: string;
}
