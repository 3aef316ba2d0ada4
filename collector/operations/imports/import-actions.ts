import type { Clock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import {
  type Imported,
  type ImportKind,
  isImported,
  type NotImported,
} from '../../formats/imports/imported.ts';
import { kindOf } from '../../formats/imports/kinds.ts';
import { type Mapping, mapped } from '../../formats/imports/mapping.ts';
import { proposeMapping } from '../../formats/imports/propose.ts';
import { ImportedLog } from '../../store/imported-log.ts';
import { readActions } from '../../store/log-reader.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { newImportId } from './import-id.ts';
import { importedAction } from './imported-action.ts';
import { type ReadRecord, readRecords } from './read-records.ts';

/** What is imported, and how it is read. */
export interface ImportRequest {
  root: string;
  /** A file, a folder of Upptime, or "-". */
  path: string;
  stdin(): NodeJS.ReadableStream;
  /** A kind by name; without it, and without a mapping, the first records tell. */
  kind?: ImportKind | undefined;
  mapping?: Mapping | undefined;
  /** What actions are called where no member says it; the name of the file where it is not given. */
  type: string;
  isDryRun: boolean;
  clock: Clock;
  progress?(count: number): void;
}

/** What an import came to, or would. */
export interface ImportResult {
  /** Undefined for a dry run, and where there was nothing new. */
  id: string | undefined;
  /** Name of the kind; "map" for a mapping. */
  kind: string;
  records: number;
  imported: number;
  /** Those that an earlier import has brought. */
  known: number;
  rejected: (NotImported & { from: string })[];
  rejectedTotal: number;
  firstUs: number | undefined;
  lastUs: number | undefined;
}

/** A file that nothing is known of: how it may be meant, worked out of its first records. */
export interface Proposal {
  proposal: Mapping | undefined;
  records: number;
  /** The first record, as it would be read. */
  example: Imported | NotImported | undefined;
}

/** So many records tell what a file holds. */
const looked = 1000;
const mostRejected = 20;

/**
 * Imports what happened elsewhere as actions, each once however often it is imported. Where neither a kind nor a mapping is known,
 * nothing is imported and a mapping proposed.
 */
export async function importActions(request: ImportRequest): Promise<ImportResult | Proposal> {
  const first: ReadRecord[] = [];
  const records = readRecords(request.path, request.stdin);
  while (first.length < looked) {
    const { value, done } = await records.next();
    if (done === true) break;
    first.push(value);
  }
  const values = first.flatMap((each) => ('value' in each ? [each.value] : []));
  const kind = request.kind ?? (request.mapping === undefined ? kindOf(values) : undefined);
  if (kind === undefined && request.mapping === undefined)
    return proposalFor(values, first.length, request.type);
  const read = (value: JsonObject) =>
    request.mapping === undefined ? kind!.read(value) : [mapped(value, request.mapping, request.type)];
  return take(request, kind?.name ?? 'map', both(first, records), read);
}

function proposalFor(values: JsonObject[], records: number, type: string): Proposal {
  const proposal = proposeMapping(values);
  const [value] = values;
  const example = proposal === undefined || value === undefined ? undefined : mapped(value, proposal, type);
  return { proposal, records, example };
}

async function* both(first: ReadRecord[], rest: AsyncIterable<ReadRecord>): AsyncGenerator<ReadRecord> {
  yield* first;
  yield* rest;
}

async function take(
  { root, isDryRun, clock, progress }: ImportRequest,
  kind: string,
  records: AsyncIterable<ReadRecord>,
  read: (value: JsonObject) => Iterable<Imported | NotImported>,
): Promise<ImportResult> {
  const id = newImportId(clock);
  const known = await knownActions(root);
  const { redaction } = await readWriteSettings(root);
  const log = isDryRun ? undefined : new ImportedLog(root, id, redaction);
  const result: ImportResult = {
    id: undefined,
    kind,
    records: 0,
    imported: 0,
    known: 0,
    rejected: [],
    rejectedTotal: 0,
    firstUs: undefined,
    lastUs: undefined,
  };
  const reject = (from: string, { expected, found }: NotImported) => {
    result.rejectedTotal += 1;
    if (result.rejected.length < mostRejected) result.rejected.push({ from, expected, found });
  };
  const seen = new Map<string, number>();
  try {
    for await (const record of records) {
      result.records += 1;
      if (result.records % 10_000 === 0) progress?.(result.records);
      if (!('value' in record)) {
        reject(record.from, record);
        continue;
      }
      for (const each of read(record.value)) {
        if (!isImported(each)) reject(record.from, each);
        else addOne(each, { from: record.from, kind, id, known, seen, log, result, reject });
      }
    }
  } catch (error) {
    log?.abandon();
    throw error;
  }
  if (log === undefined) return result;
  if (result.imported > 0) log.finish();
  else log.abandon();
  return { ...result, id: result.imported === 0 ? undefined : id };
}

interface Taking {
  from: string;
  kind: string;
  id: string;
  known: ReadonlySet<string>;
  seen: Map<string, number>;
  log: ImportedLog | undefined;
  result: ImportResult;
  reject(from: string, why: NotImported): void;
}

function addOne(each: Imported, { from, kind, id, known, seen, log, result, reject }: Taking): void {
  const action = importedAction(each, kind, { id, from });
  const line = lineKey(action.id!, action.status!);
  // A file may say a thing without a name several times: each time is one line, and the next import knows as many.
  const count = each.mayRepeat === true ? (seen.get(line) ?? 0) + 1 : 1;
  const isTold = each.mayRepeat !== true && seen.has(line);
  seen.set(line, count);
  if (isTold || known.has(count === 1 ? line : `${line}#${count}`)) {
    if (!isTold) result.known += 1;
    return;
  }
  try {
    log?.add(action, each.atUs);
  } catch (error) {
    if (!(error instanceof DaybookError) || error.code !== 'bad-input') throw error;
    reject(from, { expected: 'what can be an action', found: error.message });
    return;
  }
  result.imported += 1;
  result.firstUs = Math.min(result.firstUs ?? each.atUs, each.atUs);
  result.lastUs = Math.max(result.lastUs ?? each.atUs, each.atUs);
}

/** Lines that earlier imports brought; an action may have several, for its beginning and its end. */
async function knownActions(root: string): Promise<Set<string>> {
  const known = new Set<string>();
  const counts = new Map<string, number>();
  const visit = ({ actionId, statusWord }: { actionId: string | undefined; statusWord: string }) => {
    if (actionId === undefined || !actionId.startsWith('import-')) return;
    const line = lineKey(actionId, statusWord);
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    known.add(count === 1 ? line : `${line}#${count}`);
  };
  await readActions(root, visit, () => undefined);
  return known;
}

const lineKey = (id: string, status: string) => `${id} ${status}`;
