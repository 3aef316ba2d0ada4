import { join } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { Durability } from '../../formats/config/config.ts';
import { VersionError } from '../../formats/versions/errors.ts';
import type { RetentionPolicy } from '../../formats/versions/retention.ts';
import type { VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionBackend } from '../../store/versions/backend.ts';
import { openFileBackend } from '../../store/versions/file-backend.ts';
import { getMetadata } from '../../store/versions/find-version.ts';
import type { ReadVersion } from '../../store/versions/read-version.ts';
import { versionsFolder } from '../../store/versions/version-files.ts';
import { compareVersions, type VersionComparison } from './compare.ts';
import { type DeltaStrategy, deltaStrategies, type VersionContext } from './context.ts';
import { type ExportOptions, type ExportResult, exportVersions } from './export.ts';
import { type ImportedVersion, type ImportOptions, importVersions } from './import.ts';
import { type PruneResult, prunePeriodic, pruneVersions } from './prune.ts';
import {
  getVersion,
  latestVersion,
  listVersions,
  type ReadOptions,
  type VersionChoice,
  versionByTag,
  versionsByTag,
} from './read.ts';
import { clearVersions, deleteVersion, type Removal } from './remove.ts';
import { type DeltaOptions, type SavedVersion, type SaveOptions, saveDelta, saveVersion } from './save.ts';
import { listTags, tagVersion, untagVersion } from './tags.ts';

/** How a store of versions is set up; everything has a default. */
export interface VersionStoreOptions {
  /** The folder of the store; a book's is snapshots/store. */
  basePath?: string;
  /** Where versions are kept: `file-system`, or anything that keeps to the interface. */
  backend?: 'file-system' | VersionBackend;
  /** When deltas are stored: `auto` where they save at least half, `full` never, `patch` wherever possible. */
  deltaStrategy?: DeltaStrategy;
  /** At most so many versions are kept, the newest; 0 (the default) for no limit. */
  maxSnapshots?: number;
  /** Whether files are flushed before a call returns (`sync`, `batch`) or left to the system (`os`, the default). */
  durability?: Durability;
  /** The book whose periodic snapshots are versions, too. */
  root?: string;
  /** Whether the store is that book's own: tags of snapshots are kept there. */
  isOfBook?: boolean;
  clock?: Clock;
}

/** How the versions of a book are opened; `store` names another folder than its own. */
export type BookStoreOptions = Pick<
  VersionStoreOptions,
  'clock' | 'deltaStrategy' | 'durability' | 'maxSnapshots'
> & { store?: string };

/** The versions of a store: states with names to come back to. */
export interface BookVersions {
  /** Saves data whole. */
  save(data: unknown, options?: SaveOptions): Promise<SavedVersion>;
  /** Saves data as what changed since a base, where that is worth it. */
  saveDelta(data: unknown, options?: DeltaOptions): Promise<SavedVersion>;
  /** A version with its content, whole or delta alike; also a periodic snapshot. */
  get(version: string, options?: ReadOptions): Promise<ReadVersion>;
  latest(options?: ReadOptions): Promise<ReadVersion>;
  /** The newest version with a tag. */
  byTag(tag: string, options?: ReadOptions): Promise<ReadVersion>;
  /** Every version with a tag, newest first. */
  allByTag(tag: string, options?: ReadOptions): Promise<ReadVersion[]>;
  /** The metadata of the versions, newest first; with `tag` of those that have it. */
  list(options?: VersionChoice): Promise<VersionMetadata[]>;
  /** The names of all versions, newest first. */
  names(): Promise<string[]>;
  /** Every tag with the number of versions that have it. */
  tags(): Promise<Map<string, number>>;
  tag(version: string, tags: readonly string[]): Promise<string[]>;
  untag(version: string, tags: readonly string[]): Promise<string[]>;
  /** The metadata of one version. @throws VersionNotFoundError naming near versions. */
  find(version: string): Promise<VersionMetadata>;
  /** Deletes a version; what depends on it is stored again first. */
  delete(version: string): Promise<Removal>;
  /** How two versions, snapshots or tags differ. */
  compare(first: string, second: string): Promise<VersionComparison>;
  /** Writes versions to a .json file (one) or a .tar.gz bundle; with `all` every version that can be read. */
  export(versions: string | readonly string[], path: string, options?: ExportOptions): Promise<ExportResult>;
  /** Takes versions from a file; nothing is overwritten. */
  import(path: string, options?: ImportOptions): Promise<ImportedVersion[]>;
  /** Takes away what a policy does not keep. */
  prune(policy: RetentionPolicy, options?: { dryRun?: boolean }): Promise<PruneResult>;
  /** The same for the book's periodic snapshots. */
  prunePeriodic(
    policy: RetentionPolicy,
    options?: { dryRun?: boolean; rollUp?: boolean },
  ): Promise<PruneResult>;
  /** Deletes every version. */
  clear(): Promise<string[]>;
  /** Brings the list of versions up to date for other programs and lets go of the files. */
  close(): Promise<void>;
}

/**
 * The versions of a store of its own.
 * @throws VersionError `usage` for a setting that is not as expected.
 */
export function openVersionStore(options: VersionStoreOptions = {}): BookVersions {
  return versionsOf(contextOf(options));
}

/** What can be done with the versions of a store. */
export function versionsOf(context: VersionContext): BookVersions {
  const { backend } = context;
  return {
    save: (data, given) => saveVersion(context, data, given),
    saveDelta: (data, given) => saveDelta(context, data, given),
    get: (version, given) => getVersion(context, version, given),
    latest: (given) => latestVersion(context, given),
    byTag: (tag, given) => versionByTag(context, tag, given),
    allByTag: (tag, given) => versionsByTag(context, tag, given),
    list: (choice) => listVersions(context, choice),
    names: async () => (await listVersions(context)).map((each) => each.version),
    tags: () => listTags(context),
    tag: (version, tags) => tagVersion(context, version, tags),
    untag: (version, tags) => untagVersion(context, version, tags),
    find: (version) => getMetadata(backend, version),
    delete: (version) => deleteVersion(context, version),
    compare: async (first, second) => (await compareVersions(context, first, second)).comparison,
    export: (versions, path, given) => exportVersions(context, [versions].flat(), path, given),
    import: (path, given) => importVersions(context, path, given),
    prune: (policy, given) => pruneVersions(context, policy, given),
    prunePeriodic: (policy, given) => prunePeriodic(context, policy, given),
    clear: () => clearVersions(context),
    close: () => backend.close(),
  };
}

/** The versions of a book, or with `store` those in another folder. */
export function openVersions(root: string, options?: BookStoreOptions): BookVersions {
  return versionsOf(openVersionContext(root, options));
}

/** What the operations on the versions of a book work with. */
export function openVersionContext(root: string, options: BookStoreOptions = {}): VersionContext {
  const { store, ...rest } = options;
  const folder = store ?? versionsFolder(root);
  const { durability } = rest;
  const shownAs = store ?? 'snapshots/store';
  const backend = openFileBackend(folder, { shownAs, ...(durability === undefined ? {} : { durability }) });
  return contextOf({ ...rest, backend, root, isOfBook: store === undefined });
}

function contextOf(options: VersionStoreOptions): VersionContext {
  const {
    deltaStrategy: strategy = 'auto',
    maxSnapshots = 0,
    clock = systemClock,
    root,
    isOfBook = false,
  } = options;
  if (!deltaStrategies.includes(strategy))
    throw new VersionError(
      'usage',
      `Expected deltaStrategy to be one of ${deltaStrategies.join(', ')}, found "${strategy}".`,
    );
  if (!Number.isSafeInteger(maxSnapshots) || maxSnapshots < 0)
    throw new VersionError(
      'usage',
      `Expected maxSnapshots as a whole number from 0 upwards, found ${maxSnapshots}.`,
    );
  return { backend: backendOf(options), strategy, maxSnapshots, clock, root, isOfBook };
}

function backendOf({ backend = 'file-system', basePath, durability }: VersionStoreOptions): VersionBackend {
  if (typeof backend === 'object') return backend;
  if (backend !== 'file-system')
    throw new VersionError('usage', `Expected backend to be "file-system" or a backend, found "${backend}".`);
  const folder = basePath ?? join(process.cwd(), 'snapshots', 'store');
  return openFileBackend(folder, durability === undefined ? {} : { durability });
}
