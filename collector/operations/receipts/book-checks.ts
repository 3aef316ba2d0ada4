import type { JsonObject } from '../../base/json/json.ts';
import type { ReceiptVerdict } from '../../formats/receipts/record.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { compareRuns, type RunComparison } from './compare-runs.ts';
import { type FoundRun, findRun } from './find-run.ts';
import { type NamedPaths, resolveNamedPaths } from './named-paths.ts';
import { resolveRunConfig } from './resolve-run-config.ts';
import { verifyBook } from './verify-book.ts';

/** What a run that may have been run before would be given; paths are relative to the book. */
export interface FindRunOptions {
  /** `${…}` in it is resolved as it is when a receipt is issued. */
  config?: JsonObject;
  repos?: NamedPaths;
  data?: NamedPaths;
  /** Run.lock files of previous stages, or their folders. */
  previous?: readonly string[];
  /** Environment variables that the configuration may take, beside those of daybook.yaml. */
  environment?: string[];
}

/** What of the code counts when runs are compared. */
export interface DiffOptions {
  include?: string[];
  exclude?: string[];
  /** Whether the patch is wanted. */
  code?: boolean;
}

/** Checks of receipts. */
export interface ReceiptChecks {
  /** Holds receipts (their files or folders; all of the book where none is named) against code, data and previous stages. */
  verify(...paths: string[]): Promise<ReceiptVerdict[]>;
  /** What differs between two runs or receipts: paths of receipts, folders or keys of runs. */
  diff(before: string, after: string, options?: DiffOptions): Promise<RunComparison>;
  /** The newest run with the same code, configuration and data, or the nearest one. */
  find(options: FindRunOptions): Promise<FoundRun>;
}

/** Checks of receipts as the library offers them. */
export function receiptChecks(root: string): ReceiptChecks {
  return {
    verify: async (...paths) => (await verifyBook({ root, paths })).verdicts,
    diff: (before, after, { code = false, ...options } = {}) =>
      compareRuns({ root, before, after, patch: code, ...options }),
    find: (options) => findWanted(root, options),
  };
}

async function findWanted(root: string, options: FindRunOptions): Promise<FoundRun> {
  const { config = {}, repos, data, previous = [], environment = [] } = options;
  const book = await readConfigFile(root);
  const variables = [...book.config.receipts.environment, ...environment];
  const resolved = await resolveRunConfig(root, config, { env: process.env, variables });
  const wanted = {
    config: resolved.config,
    repos: resolveNamedPaths(repos, 'repos', root),
    data: resolveNamedPaths(data, 'data', root),
    previous,
  };
  return findRun(root, wanted, { from: root });
}
