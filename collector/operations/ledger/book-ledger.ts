import { systemClock } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { parseJson } from '../../base/json/text.ts';
import { paramHashOf } from '../../formats/ledger/param-hash.ts';
import type { LedgerKey, LedgerRun } from '../../formats/ledger/record.ts';
import { defaultLedger } from '../../store/ledger/ledger-files.ts';
import type { LedgerWriter } from '../../store/ledger/ledger-writer.ts';
import { type ParamSource, resolveHash, resolveRelpath } from './ledger-request.ts';
import { getRun, listRuns, loadLedger, type RunFilter } from './read-runs.ts';
import { type LedgerSession, runSession, type SessionOptions, type SessionResult } from './run-session.ts';
import {
  type Allocated,
  type AllocateRequest,
  allocateRun,
  type LedgerChoice,
  type LogRequest,
  logRun,
  openLedgerWriter,
} from './write-ledger.ts';

/** Where a run is looked for. */
export interface RunPlace {
  relpath?: string;
}

/** A ledger of a book: the register of runs, metadata.json. Every call is one step that others see whole or not at all. */
export interface BookLedger {
  /** Gives a new run the lowest free uid, or with `resume` the earlier run with the same parameters. */
  allocate(identifier: string, options?: Omit<AllocateRequest, 'identifier'>): Promise<Allocated>;
  /** Logs status and files of a run; its record as it is then. @throws DaybookError `not-found`. */
  log(identifier: string, uid: string, change: Omit<LogRequest, 'identifier' | 'uid'>): Promise<JsonObject>;
  /** One run. @throws DaybookError `not-found` that names the nearest. */
  get(identifier: string, uid: string, place?: RunPlace): Promise<LedgerRun>;
  /** Runs, newest first. */
  list(filter?: RunFilter): Promise<LedgerRun[]>;
  /** The first run with this hash, in the order of the ledger; integers are taken, too. */
  findByParamHash(
    identifier: string,
    hash: string | number | bigint,
    place?: RunPlace,
  ): Promise<LedgerRun | undefined>;
  /** All runs with exactly these parameters, newest first. */
  find(params: unknown, filter?: Omit<RunFilter, 'paramHash'>): Promise<LedgerRun[]>;
  /** The whole ledger: {identifier: {relpath: {uid: record}}}. */
  load(): Promise<JsonObject>;
  /** Runs a function as a run of the ledger: allocated or resumed by its parameters, running, then done or error. */
  run<T>(
    identifier: string,
    params: unknown,
    run: (session: LedgerSession) => T | Promise<T>,
    options?: SessionOptions,
  ): Promise<SessionResult<T>>;
  /** Another ledger of the book, by its file relative to the book, or this one shared with Python. */
  open(choice: LedgerChoice): BookLedger;
  /** Leaves the ledger whole, without a journal beside it. */
  fold(): Promise<void>;
  /** Folds and lets go of the files; the ledger may be used again afterwards. */
  close(): Promise<void>;
}

/** The ledger of a book as the library offers it. */
export function bookLedger(root: string, choice: LedgerChoice = {}): BookLedger {
  let writer: LedgerWriter | undefined;
  const opened: BookLedger[] = [];
  const file = choice.ledger ?? defaultLedger;
  const open = () => {
    writer ??= openLedgerWriter(root, choice, { clock: systemClock, note: warn }, false);
    return writer;
  };
  const quiet = () => undefined;
  const hashOf = (source: ParamSource) => resolveHash(source) ?? undefined;
  return {
    allocate: (identifier, options = {}) => allocateRun(open(), { ...options, identifier }),
    log: (identifier, uid, change) => logRun(open(), { ...change, identifier, uid }),
    get: (identifier, uid, place = {}) => getRun(root, file, keyOf(identifier, uid, place), quiet),
    list: (filter = {}) => listRuns(root, file, filter, filter.report ?? quiet),
    findByParamHash: async (identifier, hash, place = {}) => {
      const paramHash = hashOf({ paramHash: hash });
      const filter = { identifier, relpath: resolveRelpath(place.relpath), paramHash };
      return (await listRuns(root, file, filter, quiet)).at(-1);
    },
    find: async (params, filter = {}) => {
      const paramHash = paramHashOf(params);
      return paramHash === null ? [] : listRuns(root, file, { ...filter, paramHash }, quiet);
    },
    load: async () => parseJson(await loadLedger(root, file, quiet)) as JsonObject,
    run: (identifier, params, run, options) => runSession(open(), identifier, params, run, options),
    open: (other) => {
      const ledger = bookLedger(root, other);
      opened.push(ledger);
      return ledger;
    },
    fold: () => open().fold(),
    async close() {
      for (const ledger of opened.splice(0)) await ledger.close();
      await writer?.fold();
      await writer?.close();
      writer = undefined;
    },
  };
}

/** What a person should know while runs are recorded goes where warnings of Node go. */
function warn(text: string): void {
  process.emitWarning(text, 'DaybookWarning');
}

function keyOf(identifier: string, uid: string, { relpath }: RunPlace): LedgerKey {
  return { identifier, uid, relpath: resolveRelpath(relpath) };
}
