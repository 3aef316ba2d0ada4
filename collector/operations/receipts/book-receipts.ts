import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { toJson } from '../../base/json/strict.ts';
import type { DirtyRule } from '../../formats/config/config.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { type ReceiptChecks, receiptChecks } from './book-checks.ts';
import { checkClean } from './clean-code.ts';
import { issueReceipt } from './issue-receipt.ts';
import { type NamedPaths, resolveNamedPaths } from './named-paths.ts';
import type { IssuedReceipt } from './put-receipt.ts';
import { resolveRunConfig } from './resolve-run-config.ts';
import { type RestoredRepository, restoreReceipt } from './restore-receipt.ts';
import { readRunConfig } from './run-config.ts';

/** A repository and what of it counts as code of the run when receipts are compared. */
export interface RepositoryOptions {
  path: string;
  include?: string[];
  exclude?: string[];
  module?: string;
}

/** What `book.receipts.issue` is given; paths are relative to the book. */
export interface IssueOptions {
  /** Values, or the path of a YAML or JSON file; `${…}` in it is resolved as OmegaConf does. */
  config?: unknown;
  /** One path, a list (each called like its last component), or a map of names; repositories may have a scope. */
  repos?: NamedPaths | Readonly<Record<string, string | RepositoryOptions>>;
  data?: NamedPaths;
  /** Previous stages: their run.lock, their folder, or files they wrote. */
  previous?: NamedPaths;
  parent?: string;
  run?: string;
  /** Folder or file; save_dir of the configuration where it is not given. */
  out?: string;
  /** Adds to the receipt that is there. Without it and `replace`, the new one gets a place of its own: results/a_2. */
  merge?: boolean;
  /** Puts it in the place of the one that is there, which is kept in replaced/ beside it. */
  replace?: boolean;
  /** False writes nothing to the repositories: HEAD and a patch are recorded. */
  shadow?: boolean;
  manifest?: boolean;
  /** Environment variables to record, beside those of daybook.yaml. */
  environment?: string[];
  /** What one types to run it again; the command line of this process where it is not given. */
  command?: readonly string[];
  /** What becomes of code that is not committed; what `receipts.dirty` of daybook.yaml says where it is not given. */
  dirty?: DirtyRule;
}

/** The receipts of a book. */
export interface BookReceipts extends ReceiptChecks {
  /** Issues a run.lock. @throws DaybookError where something named is not there, names clash, or a file is in the way. */
  issue(options: IssueOptions): Promise<IssuedReceipt>;
  /** Writes the code of a run into an empty folder; says of each repository what became of it. */
  restore(run: string, into: string, options?: { force?: boolean }): Promise<RestoredRepository[]>;
}

/** Receipts as the library offers them. */
export function bookReceipts(root: string): BookReceipts {
  return {
    ...receiptChecks(root),
    issue: (options) => issueFor(root, options),
    restore: (run, into, { force = false } = {}) => restoreReceipt(root, { run, into, from: root, force }),
  };
}

async function issueFor(root: string, options: IssueOptions): Promise<IssuedReceipt> {
  const { config: book } = await readConfigFile(root);
  const variables = [...book.receipts.environment, ...(options.environment ?? [])];
  const given = configOf(options.config, root);
  const { config, texts } = await resolveRunConfig(root, given, { env: process.env, variables });
  const { paths, scopes } = splitRepositories(options.repos);
  const { previous = [] } = options;
  const request = {
    config,
    configTexts: texts,
    repos: resolveNamedPaths(paths, 'repos', root),
    scopes,
    data: resolveNamedPaths(options.data, 'data', root),
    previous: previousOf(previous, root),
    parent: options.parent,
    run: options.run,
    out: options.out,
    merge: options.merge ?? false,
    replace: options.replace ?? false,
    shadow: options.shadow ?? true,
    manifest: options.manifest ?? false,
    variables,
    command: options.command ?? process.argv,
  };
  const folders = [...request.repos.values()].map((path) => resolve(root, path));
  await checkClean(root, folders, options.dirty ?? book.receipts.dirty, (text) =>
    process.emitWarning(text, 'DaybookWarning'),
  );
  return issueReceipt(root, request, { env: process.env, from: root });
}

function configOf(given: unknown, root: string): JsonObject {
  if (typeof given === 'string') return readRunConfig(given, root);
  const value = given === undefined ? {} : toJson(given, 'config');
  if (isObject(value)) return value;
  throw new DaybookError(
    'bad-input',
    'Expected config as an object of names and values, or the path of a file.',
  );
}

function previousOf(given: NamedPaths, root: string) {
  if (typeof given === 'string') return [given];
  return Array.isArray(given) ? (given as readonly string[]) : resolveNamedPaths(given, 'previous', root);
}

type Scopes = Record<string, Omit<RepositoryOptions, 'path'>>;

function splitRepositories(given: IssueOptions['repos']): { paths: NamedPaths | undefined; scopes: Scopes } {
  const scopes: Scopes = Object.create(null);
  if (given === undefined || typeof given === 'string' || Array.isArray(given)) {
    return { paths: given as NamedPaths | undefined, scopes };
  }
  const paths: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(given as Record<string, string | RepositoryOptions>)) {
    const { path, ...scope } = typeof value === 'string' ? { path: value } : value;
    paths[name] = path;
    scopes[name] = scope;
  }
  return { paths, scopes };
}
