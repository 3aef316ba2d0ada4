import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { isoMicros, parseTime } from '../../base/time.ts';
import { checkLine, sealLine } from '../actions/action.ts';
import type { Finding } from '../findings/finding.ts';
import { type LedgerKey, own, type RunOwner } from './record.ts';

/** The first line of a journal: which one it is, so that a new one in its place is not taken for it. */
export interface JournalHeader {
  journal: string;
  /** Name of the ledger it belongs to, beside it. */
  ledger: string;
  /** Whether other programs were seen to write the ledger: from then on every operation leaves it whole. */
  shared: boolean;
  /** Version of the format; above `journalVersion` it holds what this program does not know. */
  version: number;
  moved: MovedRun[];
}

/** The newest version of the journal that this program writes and reads. */
export const journalVersion = 1;

/** One operation on one run. `bornUs` tells runs that were given the same uid in different places apart. */
export interface JournalOperation extends LedgerKey {
  /** allocate: a new run. log: status and files. seen: a sign of life. */
  op: 'allocate' | 'log' | 'seen';
  /** Unique, so that a writer knows its own line again. */
  id: string;
  atUs: number;
  bornUs: number | undefined;
  status: string | undefined;
  paramHash: string | null | undefined;
  files: [name: string, path: string][];
  by: RunOwner | undefined;
  /** The ledger itself has it, too: what others wrote there since is newer. */
  whole?: boolean | undefined;
}

/** A run of ours that had to take another uid, because its own was given to another run elsewhere. */
export interface MovedRun extends LedgerKey {
  to: string;
  /** When it was allocated, which tells it from the other one. */
  bornUs: number;
  /** When it was moved. */
  atUs: number;
}

/** What a journal says. Bytes behind the last newline belong to a writer that has not finished, or never will. */
export interface ParsedJournal {
  header: JournalHeader | undefined;
  operations: JournalOperation[];
  findings: Finding[];
  /** How many bytes the whole lines take. */
  bytes: number;
}

/** Reads the bytes of a journal, or a part of it that begins with a line. Never throws; broken lines are findings. */
export function parseJournal(bytes: Buffer, file: string): ParsedJournal {
  const journal: ParsedJournal = { header: undefined, operations: [], findings: [], bytes: 0 };
  let line = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, journal.bytes)) {
    line += 1;
    const one = bytes.subarray(journal.bytes, end);
    journal.bytes = end + 1;
    if (one.length === 0) continue;
    const value = checkLine(one) === 'right' ? parseLenientJson(one.toString('utf8')) : undefined;
    const read = value?.ok === true && isObject(value.value) ? takeLine(journal, value.value) : false;
    if (!read) journal.findings.push(brokenLine(one, file, line));
  }
  const version = journal.header?.version ?? journalVersion;
  if (version > journalVersion) journal.findings.unshift(newerVersion(file, version));
  return journal;
}

/** A journal's first line. */
export function serializeHeader({
  moved = [],
  ...header
}: Omit<JournalHeader, 'version' | 'moved'> & { moved?: readonly MovedRun[] }): Buffer {
  const list = moved.map(({ identifier, relpath, uid, to, bornUs, atUs }) => ({
    identifier,
    relpath,
    uid,
    to,
    born: isoMicros(bornUs),
    at: isoMicros(atUs),
  }));
  return sealLine(
    jsonText({ ...header, version: journalVersion, ...(list.length === 0 ? {} : { moved: list }) }),
  );
}

/** One operation as a line, newline included. */
export function serializeOperation(operation: JournalOperation): Buffer {
  const { op, id, identifier, relpath, uid, atUs, bornUs, status, paramHash, files, by, whole } = operation;
  return sealLine(
    jsonText({
      op,
      id,
      identifier,
      relpath,
      uid,
      at: isoMicros(atUs),
      ...(bornUs === undefined || op === 'allocate' ? {} : { born: isoMicros(bornUs) }),
      ...(status === undefined ? {} : { status }),
      ...(paramHash === undefined ? {} : { param_hash: paramHash }),
      ...(files.length === 0 ? {} : { files }),
      ...(by === undefined ? {} : { by: { pid: by.pid, host: by.host, start: by.start } }),
      ...(whole === true ? { whole } : {}),
    }),
  );
}

function takeLine(journal: ParsedJournal, value: JsonObject): boolean {
  if (typeof own(value, 'journal') === 'string') {
    journal.header ??= {
      journal: String(value['journal']),
      ledger: String(own(value, 'ledger') ?? ''),
      shared: own(value, 'shared') === true,
      version: Number(own(value, 'version') ?? 1),
      moved: movedOf(own(value, 'moved')),
    };
    return true;
  }
  const operation = operationOf(value);
  if (operation === undefined) return false;
  journal.operations.push(operation);
  return true;
}

function operationOf(value: JsonObject): JournalOperation | undefined {
  const { op, id, identifier, relpath, uid } = value;
  const atUs = timeOf(value, 'at');
  if (op !== 'allocate' && op !== 'log' && op !== 'seen') return undefined;
  if (typeof identifier !== 'string' || typeof relpath !== 'string' || typeof uid !== 'string')
    return undefined;
  if (atUs === undefined) return undefined;
  const hash = own(value, 'param_hash');
  return {
    op,
    id: typeof id === 'string' ? id : '',
    identifier,
    relpath,
    uid,
    atUs,
    bornUs: op === 'allocate' ? atUs : timeOf(value, 'born'),
    status: textOf(value, 'status'),
    paramHash: hash === null || typeof hash === 'string' ? hash : undefined,
    files: filesOf(value),
    by: ownerOf(value, atUs),
    whole: own(value, 'whole') === true,
  };
}

function movedOf(value: JsonValue | undefined): MovedRun[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((entry): MovedRun[] => {
    const { identifier, relpath, uid, to } = entry;
    const [bornUs, atUs] = [timeOf(entry, 'born'), timeOf(entry, 'at')];
    if (typeof identifier !== 'string' || typeof relpath !== 'string' || typeof uid !== 'string') return [];
    if (typeof to !== 'string' || bornUs === undefined || atUs === undefined) return [];
    return [{ identifier, relpath, uid, to, bornUs, atUs }];
  });
}

function filesOf(value: JsonObject): [string, string][] {
  const files = own(value, 'files');
  if (!Array.isArray(files)) return [];
  return files.flatMap((pair): [string, string][] => {
    const [name, path] = Array.isArray(pair) ? pair : [];
    return typeof name === 'string' && typeof path === 'string' ? [[name, path]] : [];
  });
}

function ownerOf(value: JsonObject, seenUs: number): RunOwner | undefined {
  const by = own(value, 'by');
  if (!isObject(by)) return undefined;
  const pid = own(by, 'pid');
  return {
    pid: typeof pid === 'number' ? pid : undefined,
    host: textOf(by, 'host') ?? '',
    start: textOf(by, 'start'),
    seenUs,
    beats: own(value, 'op') === 'seen',
  };
}

function textOf(value: JsonObject, name: string): string | undefined {
  const text = own(value, name);
  return typeof text === 'string' ? text : undefined;
}

function timeOf(value: JsonObject, name: string): number | undefined {
  const text = textOf(value, name);
  return text === undefined ? undefined : parseTime(text)?.us;
}

function newerVersion(file: string, version: number): Finding {
  return {
    code: 'wrong-schema',
    severity: 'error',
    file,
    line: 1,
    expected: `a journal of version ${journalVersion}`,
    found: `version ${version}`,
    hint: 'A newer Daybook writes it: use that one. What this one understands of it is shown.',
  };
}

function brokenLine(bytes: Buffer, file: string, line: number): Finding {
  return {
    code: 'bad-checksum',
    severity: 'warning',
    file,
    line,
    expected: 'an operation as Daybook wrote it',
    found: showText(bytes.toString('utf8', 0, 200), 60),
    hint: 'A writer that was killed leaves such a fragment, and a merge its markers; what was acknowledged stands in lines of its own.',
  };
}
