import { DaybookError } from './base/errors.ts';
import { findBookRoot } from './base/paths.ts';
import type { ActionLine, ActionRecord } from './formats/actions/action.ts';
import type { Finding } from './formats/findings/finding.ts';
import type { PeriodicSnapshot, SnapshotRecord } from './formats/snapshots/periodic.ts';
import { listNewestActions } from './operations/actions/newest.ts';
import { notRecordedError } from './operations/actions/not-recorded.ts';
import { actionSource } from './operations/actions/source.ts';
import { recordedWithin } from './operations/actions/within.ts';
import { track } from './operations/exec/track.ts';
import { type BookExperiments, bookExperiments } from './operations/experiments/book-experiments.ts';
import { type BookLedger, bookLedger } from './operations/ledger/book-ledger.ts';
import type { ListOptions } from './operations/list-options.ts';
import type { BookReceipts } from './operations/receipts/book-receipts.ts';
import { type BookRuns, bookRuns } from './operations/runs/book-runs.ts';
import {
  type FieldHistory,
  fieldHistory,
  type HistoryOptions,
} from './operations/snapshots/field-history.ts';
import { takePeriodic } from './operations/snapshots/take.ts';
import { type BookVersions, openVersions } from './operations/versions/book-versions.ts';
import type { NewAction } from './store/action-writer.ts';
import { auditBook } from './store/audit.ts';
import { readConfigFile } from './store/config-file.ts';
import { followActions } from './store/follow-actions.ts';
import { listPeriodic, readPeriodic } from './store/periodic-store.ts';
import { openRecorder } from './store/spool/recorder.ts';

export {
  type Difference,
  differences,
  type Move,
  type PlacedDifference,
} from './base/difference/difference.ts';
export { jsonPatch, type PatchOperation, toJsonPatch } from './base/difference/patch.ts';
export { applyJsonPatch } from './base/difference/patch-apply.ts';
export { DaybookError, type ErrorCode } from './base/errors.ts';
export { ExactNumber, isExactNumber } from './base/json/exact-number.ts';
export type { JsonObject, JsonValue } from './base/json/json.ts';
export type { ActionLine, ActionRecord, ActionSource } from './formats/actions/action.ts';
export type { DisplayStatus } from './formats/actions/status.ts';
export type { DirtyRule, Durability } from './formats/config/config.ts';
export { type Finding, type FindingCode, findingMeanings } from './formats/findings/finding.ts';
export type { LedgerRun } from './formats/ledger/record.ts';
export type { PlainSeries as MetricSeries } from './formats/metrics/series.ts';
export type { Health, PeriodicSnapshot, SnapshotRecord } from './formats/snapshots/periodic.ts';
export {
  RefusedVersionError,
  SnapshotError,
  SnapshotNotFoundError,
  VersionError,
  VersioningError,
  VersionNotFoundError,
} from './formats/versions/errors.ts';
export type { RetentionPolicy } from './formats/versions/retention.ts';
export type { VersionMetadata } from './formats/versions/version.ts';
export type { BookExperiments, Experiment } from './operations/experiments/book-experiments.ts';
export type { BookLedger } from './operations/ledger/book-ledger.ts';
export type { LedgerSession, SessionResult } from './operations/ledger/run-session.ts';
export type { ListOptions } from './operations/list-options.ts';
export type { DiffOptions, FindRunOptions } from './operations/receipts/book-checks.ts';
export type { BookReceipts, IssueOptions } from './operations/receipts/book-receipts.ts';
export type { BestChoice } from './operations/runs/best.ts';
export type { BookRuns } from './operations/runs/book-runs.ts';
export type { GroupChoice, RunGroup } from './operations/runs/groups.ts';
export type { FieldHistory } from './operations/snapshots/field-history.ts';
export {
  type BookVersions,
  openVersionStore,
  type VersionStoreOptions,
} from './operations/versions/book-versions.ts';
export type { VersionComparison } from './operations/versions/compare.ts';
export type { DeltaStrategy } from './operations/versions/context.ts';
export type { ImportedVersion } from './operations/versions/import.ts';
export type { SavedVersion } from './operations/versions/save.ts';
export type { Measure } from './runs/groups/measure.ts';
export type { RunArtifact, RunParent, RunRecord } from './runs/record.ts';
export type { NewAction } from './store/action-writer.ts';
export type { VersionBackend } from './store/versions/backend.ts';

/** The actions of a book. */
export interface BookActions {
  /**
   * Appends one action and resolves when it is as durable as daybook.yaml says. Its run is the one that `daybook exec` runs
   * this program for (DAYBOOK_RUN), unless it names another.
   * @throws DaybookError where the log cannot be written; it says where the record waits until the next recording.
   */
  append(action: NewAction): Promise<ActionLine>;
  /**
   * Records the start and the end of a function, also when it throws; the error is recorded and thrown on. What the
   * function gets may be filled with details of the end. The function runs and its result counts whatever becomes of the
   * recording: where that fails, one warning of the process says where the record waits.
   */
  track<T>(
    type: string,
    details: unknown,
    run: (details: Record<string, unknown>) => T | Promise<T>,
  ): Promise<T>;
  /** The newest actions, newest first, each by its newest line; 100 unless `limit` says otherwise. */
  list(options?: ListOptions): Promise<ActionRecord[]>;
  /** Calls `visit` for every action appended from now on, until the signal aborts. */
  tail(visit: (record: ActionRecord) => void, signal: AbortSignal): Promise<void>;
}

/** The periodic snapshots of a book. */
export interface BookPeriodic {
  /** Takes a snapshot with all probes and writes it. */
  take(): Promise<PeriodicSnapshot>;
  /** The newest snapshot that can be read, if there is one. */
  latest(): Promise<SnapshotRecord | undefined>;
  /** The snapshots by name, newest first, without their content; all of them unless `limit` says otherwise. */
  list(options?: Pick<ListOptions, 'limit'>): Promise<{ id: string; file: string; bytes: number }[]>;
  /**
   * The values one field has had ("rail_status.deployment", "modules.core.version"), newest first, with the actions
   * recorded while it changed; the newest 20 values unless said otherwise.
   */
  history(path: string, options?: Pick<HistoryOptions, 'sinceUs' | 'limit'>): Promise<FieldHistory>;
}

/** One book: a root folder and all that Daybook finds under it. */
export interface DaybookBook extends AsyncDisposable {
  /** Absolute path of the root folder. */
  root: string;
  actions: BookActions;
  periodic: BookPeriodic;
  receipts: BookReceipts;
  runs: BookRuns;
  experiments: BookExperiments;
  /** States with names to come back to: snapshots/store, and the periodic snapshots. */
  versions: BookVersions;
  ledger: BookLedger;
  /** Everything a check of the whole book notices. */
  findings(): Promise<Finding[]>;
  /** Flushes what waits and lets go of the files; the book may be used again afterwards. `await using` does so by itself. */
  close(): Promise<void>;
}

/**
 * Opens the book at `root`, or the one that `root` lies in (the nearest folder upwards with daybook.yaml, snapshots/
 * or .git). Without `root` it is the book of DAYBOOK_BOOK, which `daybook exec` sets, else that of the folder one is in.
 * @throws DaybookError `no-book` where there is none.
 */
export async function openBook(
  root: string = process.env['DAYBOOK_BOOK'] || process.cwd(),
): Promise<DaybookBook> {
  const found = findBookRoot(root);
  if (found === undefined) {
    throw new DaybookError('no-book', `No book was found in ${root} or any folder above it.`, {
      where: root,
      hint: 'Run `daybook init` in the folder that shall be a book.',
    });
  }
  const { config } = await readConfigFile(found);
  const recorder = openRecorder(found, config);
  const source = actionSource(found);
  const { run: within } = recordedWithin(found);
  const ledger = bookLedger(found);
  const versions = openVersions(found, { durability: config.durability });
  const close = async () => {
    await ledger.close();
    await versions.close();
    const rest = await recorder.settle();
    if (rest?.kept === 'memory') throw notRecordedError(rest);
  };
  return {
    root: found,
    actions: {
      append: async (action) => {
        const { line, ...rest } = await recorder.record({
          source,
          ...(within !== undefined && { run: within }),
          ...action,
        });
        if (rest.kept !== 'log') throw notRecordedError({ ...rest, records: 1 });
        return line;
      },
      track: (type, details, run) => track(recorder, source, { type, details, ofRun: within, run }),
      list: async ({ limit = 100, report } = {}) =>
        (await listNewestActions(found, limit, report)).map(({ record }) => record),
      tail: (visit, signal) => followActions(found, visit, { signal, report: () => undefined }),
    },
    periodic: {
      take: async () => (await takePeriodic({ root: found })).snapshot,
      latest: async () => latestPeriodic(found),
      list: async ({ limit } = {}) => listPeriodic(found).reverse().slice(0, limit),
      history: (path, options = {}) => fieldHistory({ root: found, path, ...options }),
    },
    runs: bookRuns(found),
    experiments: bookExperiments(found),
    versions,
    ledger,
    receipts: lazyReceipts(found),
    findings: async () => (await auditBook(found)).findings,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Hashing, git and YAML are loaded when a receipt is asked for. */
function lazyReceipts(root: string): BookReceipts {
  const load = async () => (await import('./operations/receipts/book-receipts.ts')).bookReceipts(root);
  return {
    issue: async (options) => (await load()).issue(options),
    restore: async (run, into, options) => (await load()).restore(run, into, options),
    verify: async (...paths) => (await load()).verify(...paths),
    diff: async (before, after, options) => (await load()).diff(before, after, options),
    find: async (options) => (await load()).find(options),
  };
}

function latestPeriodic(root: string): SnapshotRecord | undefined {
  for (const { id } of listPeriodic(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record;
  }
  return undefined;
}
