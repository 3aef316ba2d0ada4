import { hostname } from 'node:os';
import type { Clock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { type LedgerKey, own, type RunOwner } from '../../formats/ledger/record.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { defaultLedger, ledgerFiles } from '../../store/ledger/ledger-files.ts';
import { LedgerWriter } from '../../store/ledger/ledger-writer.ts';
import { ownerOfProcess } from '../../store/ledger/staleness.ts';
import { checkName, type ParamSource, resolveHash, resolveRelpath, resolveStatus } from './ledger-request.ts';
import { missingRun } from './read-runs.ts';

/** Which ledger of a book, and how to write it. */
export interface LedgerChoice {
  /** Relative to the book; metadata.json unless said otherwise. */
  ledger?: string | undefined;
  /** Python writes it, too. Noticed by itself once Python has taken metadata.lock. */
  shared?: boolean | undefined;
}

/** What writing needs of the world. */
export interface LedgerEffects {
  clock: Clock;
  /** Hears what a person should know. */
  note: (text: string) => void;
}

/** A run to allocate; the hash is made of `params` unless it is given. */
export interface AllocateRequest extends ParamSource {
  identifier: string;
  relpath?: string | undefined;
  /** "pending" unless said otherwise. */
  status?: string | undefined;
  /** 1000 unless said otherwise: three digits. */
  maxsize?: number | undefined;
  /** Take the earlier run with the same hash, if there is one. */
  resume?: boolean | undefined;
}

/** What to log of a run. */
export interface LogRequest {
  identifier: string;
  uid: string;
  relpath?: string | undefined;
  status?: string | undefined;
  files?: readonly (readonly [name: string, path: string])[] | undefined;
  /** The process that runs it, where it outlives the caller: a run whose process is gone is stale. */
  pid?: number | undefined;
  /** A sign of life: from then on silence means that it died. */
  heartbeat?: boolean | undefined;
}

/** A run that was given out; `resumed` says that it was there before. */
export interface Allocated extends LedgerKey {
  resumed: boolean;
  /** Its record, where it was there before. */
  record: JsonObject | undefined;
  owner: RunOwner | undefined;
}

/** Opens a ledger of a book for writing. Close it afterwards. @throws DaybookError `usage` for a place outside of the book. */
export function openLedgerWriter(
  root: string,
  choice: LedgerChoice,
  effects: LedgerEffects,
  keepWhole: boolean,
): LedgerWriter {
  const files = ledgerFiles(root, choice.ledger ?? defaultLedger);
  return new LedgerWriter(files, { ...effects, keepWhole, shared: choice.shared === true });
}

/** Gives out a uid, or with `resume` the run with the same parameters. */
export async function allocateRun(writer: LedgerWriter, request: AllocateRequest): Promise<Allocated> {
  checkName('identifier', request.identifier);
  const paramHash = resolveHash(request);
  const run = {
    identifier: request.identifier,
    relpath: resolveRelpath(request.relpath),
    status: resolveStatus(request.status ?? 'pending'),
    paramHash,
    maxsize: request.maxsize ?? 1000,
    by: undefined,
  };
  if (request.resume !== true)
    return { ...(await writer.allocate(run)), resumed: false, record: undefined, owner: undefined };
  if (paramHash === null) {
    throw new DaybookError('usage', 'A run can only be resumed by its parameters.', {
      where: 'resume',
      hint: 'Give --param name=value or --param-hash.',
    });
  }
  const { key, record, owner } = await writer.resume({ ...run, paramHash });
  return { ...key, resumed: record !== undefined, record, owner };
}

/**
 * Logs status and files of a run and returns its record.
 * @throws DaybookError `not-found` that names the nearest, `usage` where there is nothing to log.
 */
export async function logRun(writer: LedgerWriter, request: LogRequest): Promise<JsonObject> {
  const { identifier, uid, heartbeat } = request;
  const relpath = resolveRelpath(request.relpath);
  const { texts } = await maskingOf(writer.files.root);
  const files = (request.files ?? []).map(([name, path]) => [texts(name), texts(path)] as const);
  if (request.status === undefined && files.length === 0 && heartbeat !== true) {
    throw new DaybookError('usage', 'There is nothing to log.', {
      hint: 'Give --status, --file name=path or --heartbeat.',
    });
  }
  for (const [name, path] of files) {
    checkName('the name of a file', name);
    checkName('the path of a file', path);
  }
  const status = request.status === undefined ? undefined : resolveStatus(request.status);
  const key = { identifier, relpath, uid };
  const nowUs = Date.now() * 1000;
  const by =
    request.pid !== undefined
      ? ownerOfProcess(nowUs, request.pid)
      : status === 'running' || heartbeat === true
        ? { pid: undefined, host: hostname(), start: undefined, seenUs: nowUs, beats: false }
        : undefined;
  let record =
    status === undefined && files.length === 0 ? undefined : await writer.log(key, { status, files, by });
  if (heartbeat === true) record = await writer.log(key, { isBeat: true, by });
  if (record === undefined) throw await missingRun(writer.files.root, writer.files.file, key);
  return record;
}

/** Whether a record says that its run is over and went well. */
export function isDone(record: JsonObject | undefined): boolean {
  return record !== undefined && own(record, 'status') === 'done';
}
